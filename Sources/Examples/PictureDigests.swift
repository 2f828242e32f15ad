import Disk
import Foundation

/// SHA-256 of files that were read before, kept in the output folder's cache: a file whose size, time and identity are
/// the same is not read again for it.
struct PictureDigests: Sendable {
    private struct Entry: Codable {
        var path: String
        var signature: FileSignature
        var digest: String
    }

    private let file: String
    private var known: [String: Entry]

    /// A file that was changed so short a time before it was read may change again without getting another time.
    private static let settling = 3.0

    /// - Parameters:
    ///   - folder: where the digests of all folders of pictures lie.
    ///   - pictures: the folder that these are of.
    init(in folder: String, of pictures: String) {
        let place = (try? RealPath.of(pictures)) ?? pictures
        file = "\(folder)/digests/\(SHA256.hexDigest(of: Array(place.utf8)).prefix(16)).json"
        let entries = (try? WholeFile.contents(of: file, limit: 1 << 30)).flatMap {
            try? JSONDecoder().decode([Entry].self, from: $0)
        }
        known = Dictionary((entries ?? []).map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    }

    /// The digest of a file, if it is still the one that was read.
    subscript(path: String, signature: FileSignature) -> String? {
        // Names that only look alike are one to Swift, and not to the disk; then the signatures differ.
        known[path].flatMap { $0.signature == signature ? $0.digest : nil }
    }

    /// - Parameter time: when the file was read, in seconds since 1970.
    mutating func keep(_ digest: String, of path: String, _ signature: FileSignature, readAt time: Double) {
        guard Double(signature.seconds) + Self.settling < time else { return }
        known[path] = Entry(path: path, signature: signature, digest: digest)
    }

    /// Forgets files that are gone.
    mutating func keepOnly(_ paths: some Sequence<String>) {
        let paths = Set(paths)
        known = known.filter { paths.contains($0.key) }
    }

    /// Writes them, in a form that anybody may remove.
    func save() throws {
        try Folder.make((file as NSString).deletingLastPathComponent)
        let entries = known.values.sorted { PictureWalk.precedes($0.path, $1.path) }
        try WholeFile.write(try entries.stableJSON(), to: file, isSynchronized: false, isOwn: true)
    }
}
