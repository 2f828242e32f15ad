import Disk
import Film
import JobManifest

extension PictureInspector {
    /// Reads pictures as the facets that they are to become.
    static let ofPNG = PictureInspector(
        fault: { path in
            do throws(FilmError) {
                _ = try PNG.read(path: path)
                return nil
            } catch {
                return error.reason + (error.remedy.isEmpty ? "" : "; \(error.remedy)")
            }
        },
        digest: { path in try? SHA256.hexDigest(ofFile: path) })
}
