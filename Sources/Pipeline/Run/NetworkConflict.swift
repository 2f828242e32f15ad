import Disk
import JobManifest
import Networks
import Records

/// A folder with films of another network than the one that a run would render into it.
public struct NetworkConflict: Sendable, CustomStringConvertible {
    /// The job's folder.
    let folder: String
    /// A film that lies there, and its network.
    let film: String
    let found: String
    /// The network that the run would render.
    let wanted: String

    public var description: String {
        "\(folder): holds films of the network \(found) (\(film)), and \(wanted) would be rendered into it; "
            + "rename the job, or remove the folder"
    }

    /// Looks at one film of each job's folder that the run would not replace: all of a folder are of one network.
    public static func all(_ reels: [Reel], in output: String, _ networks: NetworkLibrary) -> [NetworkConflict] {
        let folders = Set(reels.map(\.folder))
        var seen: Set<String> = []
        return reels.filter { seen.insert($0.name).inserted }.compactMap { reel in
            let folder = "\(output)/\(reel.name)"
            for film in FilmSearch(in: folder).folders {
                let place = "\(reel.name)/\(film.dropFirst(folder.count + 1))"
                guard !folders.contains(place),
                    let data = try? WholeFile.contents(of: "\(film)/\(FilmRecord.fileName)"),
                    let record = try? FilmFile<UnreadJob>(data, with: [])
                else { continue }
                let file = record.network?.file ?? NetworkReference.standard.file
                // A network that was trained further has the same name, and one that lies elsewhere the same digest.
                if NetworkReference(file).shortName == reel.network.shortName
                    || record.networkDigest == (try? networks.digest(of: reel.network))
                {
                    return nil
                }
                return NetworkConflict(
                    folder: folder, film: place, found: file.printable, wanted: reel.network.fileName.printable)
            }
            return nil
        }
    }
}
