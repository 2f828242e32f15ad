/// What one manifest file asks for, with every preset, layer and unit looked up.
public struct Manifest: Sendable, Equatable {
    /// The path as it was given to the reader.
    public let file: String
    /// In the order of the file.
    public let jobs: [Job]

    public init(file: String, jobs: [Job]) {
        self.file = file
        self.jobs = jobs
    }

    /// Every film, in the order of the file; their folders differ.
    public func reels() -> [Reel] {
        jobs.flatMap { $0.reels() }
    }
}
