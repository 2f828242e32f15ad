import ArgumentParser
import Disk
import Foundation
import Pipeline
import Synchronization

/// What is said on standard error: best effort, and one line each.
enum Message {
    private static let isOfRun = Atomic<Bool>(false)
    private static let isJSON = Atomic<Bool>(false)

    /// From now on, what is said is said of a run: no reader that has stopped reading holds it up for longer than the
    /// progress, and with `--progress json` every line is an object.
    static func beginRun(isJSON: Bool) {
        isOfRun.store(true, ordering: .relaxed)
        Self.isJSON.store(isJSON, ordering: .relaxed)
    }

    /// - Parameter event: what the line is, under `--progress json`.
    static func line(_ text: String, as event: String = "message") {
        var line = text.printable
        if isJSON.load(ordering: .relaxed) { line = (try? ["event": event, "message": text].stableJSONText()) ?? "" }
        StandardStream.error.say(
            line + "\n", patience: isOfRun.load(ordering: .relaxed) ? ProgressDisplay.patience : nil)
    }

    static func error(_ text: String) {
        line("facetreel: error: " + text, as: "error")
    }

    static func warning(_ text: String) {
        line("facetreel: warning: " + text, as: "warning")
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
    /// A manifest, a network or a probe's input is invalid.
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
