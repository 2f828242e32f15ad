import ArgumentParser
import Pipeline

extension ManifestSet {
    /// Reads the manifests; says all that is wrong with them and ends the command where anything is.
    static func valid(_ paths: [String]) throws -> ManifestSet {
        let manifests = ManifestSet(paths: paths)
        guard manifests.faults.isEmpty else {
            manifests.faults.forEach(Message.line)
            throw ExitCode.invalidInput
        }
        return manifests
    }
}
