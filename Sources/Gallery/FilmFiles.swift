import Disk
import Records

/// The files beside a `film.json`.
struct FilmFiles: Sendable {
    /// The path of the film's folder.
    let path: String

    /// Names come from `film.json`, which anybody may have written. A name with a slash is no file of this folder.
    func has(_ components: [String]) -> Bool {
        guard !components.contains(where: { $0.contains("/") || $0.utf8.contains(0) || $0 == ".." }) else {
            return false
        }
        return FileSignature("\(path)/\(components.joined(separator: "/"))") != nil
    }

    /// Changes with every new film.
    var stamps: [FileSignature?] {
        [FilmRecord.fileName, "film.mp4", "poster.png"].map { FileSignature("\(path)/\($0)") }
    }
}
