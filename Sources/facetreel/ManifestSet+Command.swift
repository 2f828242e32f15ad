import ArgumentParser
import Pipeline

extension ManifestSet {
    /// Reads the manifests; says all that is wrong with them and ends the command where anything is.
    static func valid(_ paths: [String]) throws -> ManifestSet {
        do throws(Faults) {
            return try ManifestSet(paths: paths)
        } catch {
            error.lines.forEach(Message.line)
            throw ExitCode.invalidInput
        }
    }
}
