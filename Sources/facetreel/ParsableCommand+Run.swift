import ArgumentParser
import CPlatform
import Disk
import Foundation

extension ParsableCommand {
    /// Runs what the command line asks for, and ends the process with its exit status.
    static func runAndExit() -> Never {
        StandardStream.openMissing()
        // Without this, a reader that goes away ends the process in the middle of its work. `print` notices by itself.
        let endsWithReader = facetreel_is_ignored(SIGPIPE) == 0
        signal(SIGPIPE, SIG_IGN)
        // Beyond `ulimit -f` writing is an error like others, with its reason, and does not end the process.
        signal(SIGXFSZ, SIG_IGN)
        Foundation.exit(outcome().concludingOutput(endsWithReader: endsWithReader).rawValue)
    }

    private static func outcome() -> ExitCode {
        if let fault = CommandLine.fault {
            Message.error(fault)
            return .validationFailure
        }
        do {
            var command = try parseAsRoot()
            try command.run()
            return .success
        } catch {
            let (code, text) = (exitCode(for: error), fullMessage(for: error))
            if code == .success {
                if !text.isEmpty { Results.print(text) }
            } else if !text.isEmpty {
                // Several lines, with the usage. What the user has typed stands in the first, and may hold more of them.
                let typed = CommandLine.arguments.filter { $0 != $0.printable && !$0.allSatisfy(\.isWhitespace) }
                let shown = typed.reduce(text) { $0.replacing($1, with: $1.printable) }
                let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
                StandardStream.error.say(lines.map { String($0).printable + "\n" }.joined())
            }
            return code
        }
    }
}

extension ExitCode {
    /// The status with regard to what was printed: if not all of it could be written, nothing is a success.
    ///
    /// - Parameter endsWithReader: a reader that has gone away (`| head`) ends the process as it ends others, without a
    ///   word.
    fileprivate func concludingOutput(endsWithReader: Bool) -> ExitCode {
        guard let number = StandardStream.output.failure else { return self }
        if number == EPIPE, endsWithReader {
            guard self == .success else { return self }
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        Message.error("what was printed could not be written: \(String(cString: strerror(number)))")
        return self == .success ? .failure : self
    }
}

extension CommandLine {
    /// What is wrong with the first argument, or the first variable that names a file, that is not UTF-8; nil if all
    /// are. The standard library would replace the bytes that are not, and another file than the one that was named
    /// would be read or written.
    fileprivate static var fault: String? {
        for index in 1..<max(Int(argc), 1) {
            if let shown = unreadable(unsafeArgv[index]) { return "argument \(index) is no UTF-8: \(shown); \(remedy)" }
        }
        do throws(DiskError) { _ = try Folder.working() } catch {
            // One that is gone is no matter for absolute paths.
            if error.errorNumber == nil { return "the working directory: \(error)" }
        }
        for name in ["FACETREEL_NETWORKS", "FACETREEL_PROGRAM"] {
            if let shown = unreadable(getenv(name)) { return "\(name) is no UTF-8: \(shown); \(remedy)" }
        }
        return nil
    }

    private static let remedy = "give the file or folder a name that is, or a link with one"

    /// A text that is not UTF-8, in a form that can be shown; nil for others.
    private static func unreadable(_ text: UnsafePointer<CChar>?) -> String? {
        guard let text, String(validatingCString: text) == nil else { return nil }
        return .showing(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
