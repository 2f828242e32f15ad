import ArgumentParser
import Disk
import Glibc

/// The folder that films were rendered to, for all commands that look into one.
enum OutputFolder {
    /// Ends the command where a folder is not there or may not be read: it is an invalid input, and not an empty folder.
    static func check(_ path: String) throws(ExitCode) {
        do throws(DiskError) {
            try Folder.check(path)
        } catch {
            let isMissing = error.errorNumber == ENOENT
            Message.error(isMissing ? "\(path): no such folder; `facetreel render` makes it" : error.description)
            throw ExitCode.invalidInput
        }
    }
}
