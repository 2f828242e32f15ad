import JSON

/// What one manifest file asks for, with every preset, layer and unit looked up.
public struct Manifest: Sendable, Equatable {
    /// The path as it was given to the reader.
    public let file: String
    /// In the order of the file.
    public let jobs: [Job]

    /// Every film, in the order of the file; their folders differ.
    public func reels() -> [Reel] {
        jobs.flatMap { $0.reels() }
    }

    /// `{"jobs": [...]}` with every job fully resolved: itself a manifest, of the same films. Indented, keys in the order
    /// of the reference.
    public var readableJSON: String {
        JSONValue.members(["jobs": .array(jobs.map(\.json))]).readableText + "\n"
    }
}
