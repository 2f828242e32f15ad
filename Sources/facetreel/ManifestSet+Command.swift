import ArgumentParser
import JobManifest
import Pipeline

extension ManifestSet {
    /// Reads the manifests. If anything is wrong with them, prints all of it and ends the command.
    static func valid(_ paths: [String], _ networks: NetworkLibrary) throws -> ManifestSet {
        do throws(Faults) {
            return try ManifestSet(paths: paths, networks: networks)
        } catch {
            for line in error.lines { Message.line(line) }
            throw ExitCode.invalidInput
        }
    }

    /// The films that match `--only`. Ends the command if there are none.
    func reels(matching only: String?) throws -> [Reel] {
        guard let only else { return reels }
        let glob = try Glob(only)
        let selected = reels.filter { glob.matches($0.folder) }
        guard !selected.isEmpty else {
            Message.error("--only \(only): none of the \(reels.count) films matches; `facetreel expand` lists them")
            throw ExitCode.validationFailure
        }
        return selected
    }
}
