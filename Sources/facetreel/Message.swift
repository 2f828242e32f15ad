import ArgumentParser
import Disk
import Foundation

/// What is said on standard error: best effort, and one line each.
enum Message {
    static func line(_ text: String) {
        StandardStream.error.say(text.printable + "\n")
    }

    static func error(_ text: String) {
        line("facetreel: error: " + text)
    }

    static func warning(_ text: String) {
        line("facetreel: warning: " + text)
    }
}

/// What is printed on standard output. If it cannot be written, the command has failed.
enum Results {
    static func print(_ text: String, terminator: String = "\n") {
        StandardStream.output.print(text, terminator: terminator)
    }

    /// Prints the path of a file that was made. A terminal gets it in a form that can be shown, everything else byte
    /// for byte.
    static func path(_ path: String) {
        let isShown = isatty(STDOUT_FILENO) == 1
        StandardStream.output.print(isShown ? path.printable : path, isNews: true)
    }
}

extension ExitCode {
    /// A manifest, the weights or a probe's input is invalid.
    static let invalidInput = ExitCode(2)

    /// Work is left, which another run can continue.
    static let unfinished = ExitCode(75)

    /// Whether this is a Slurm job, which Slurm queues again if its status says so (`RequeueExit=75`).
    static let isSlurmJob = ProcessInfo.processInfo.environment["SLURM_JOB_ID"] != nil

    /// The run was stopped by a signal: the status that a shell gives it. In a Slurm job, the status that makes Slurm
    /// queue the job again.
    static func stopped(by signal: Int32) -> ExitCode { isSlurmJob ? unfinished : ExitCode(128 + signal) }
}

/// Runs `body`. Any error that it throws counts as invalid input.
func readingInput<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        Message.error(String(describing: error))
        throw ExitCode.invalidInput
    }
}
