import ArgumentParser
import Foundation

/// What is said on standard error.
enum Message {
    static func line(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func error(_ text: String) {
        line("facetreel: error: " + text)
    }
}

extension ExitCode {
    /// A manifest, the weights or a probe's input is invalid.
    static let invalidInput = ExitCode(2)

    /// Work is left, which another run can continue.
    static let unfinished = ExitCode(75)

    /// The run was stopped by a signal: the status that a shell gives it. In a Slurm job, the status that makes Slurm
    /// queue the job again (`RequeueExit=75`).
    static func stopped(by signal: Int32) -> ExitCode {
        ProcessInfo.processInfo.environment["SLURM_JOB_ID"] == nil ? ExitCode(128 + signal) : unfinished
    }
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
