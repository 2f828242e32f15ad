import Disk
import Film
import JobManifest

extension PictureInspector {
    /// Reads pictures as the facets that they are to become.
    static let ofFiles = PictureInspector(
        fault: { path in
            do throws(FilmError) {
                try Bitmap.reading(path: path) { _ in }
                return nil
            } catch {
                return error.reason + (error.remedy.isEmpty ? "" : "; \(error.remedy)")
            }
        },
        digest: { path in try? SHA256.hexDigest(ofFile: path) })
}
