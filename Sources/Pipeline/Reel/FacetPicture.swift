import ConvNet
import Disk
import Film

/// A picture that the manifest names: a facet itself, or the start of facets.
struct FacetPicture: Sendable {
    let path: String
    /// SHA-256 of its file.
    let digest: String
    private let isTransparent: Bool

    /// - Parameter wanted: the SHA-256 that it must have; nil for any.
    /// - Throws: `DiskError`, `FilmError`
    init(_ path: String, sha256 wanted: String?) throws {
        self.path = path
        digest = try SHA256.hexDigest(ofFile: path)
        if let wanted, wanted != digest {
            throw FilmError(
                place: path,
                reason: "has a SHA-256 that begins with \(digest.prefix(12)), the manifest says \(wanted.prefix(12))",
                remedy: "put the picture there that is meant, or remove \"sha256\" from the manifest")
        }
        isTransparent = try PNG.isTransparent(path: path)
    }

    /// What it adds to keys.
    var content: StageKeys.Picture { StageKeys.Picture(digest: digest, isTransparent: isTransparent) }

    /// The picture as the task's network sees it, its middle cut to the film's proportions and scaled to its size.
    /// - Throws: `FilmError`, also where it is not what it was; `DiskError`
    func image(for task: ReelTask) throws -> Image {
        var image = Image(try Bitmap.reading(path: path) { $0.filling(width: task.width, height: task.height) })
        if task.network.seesGrey { image.makeGrey() }
        guard try SHA256.hexDigest(ofFile: path) == digest else {
            throw FilmError(place: path, reason: "has changed while it was read", remedy: "render again")
        }
        return image
    }
}
