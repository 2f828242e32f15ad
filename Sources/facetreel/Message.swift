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

    /// Work is left that another run goes on with.
    static let unfinished = ExitCode(75)

    /// Stopped by a signal: what a shell reports for it; in a Slurm job, what makes Slurm queue the job again
    /// (`RequeueExit=75`).
    static func stopped(by signal: Int32) -> ExitCode {
        ProcessInfo.processInfo.environment["SLURM_JOB_ID"] == nil ? ExitCode(128 + signal) : unfinished
    }
}

/// Runs `body`; whatever it throws is the input's fault.
func readingInput<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        Message.error(String(describing: error))
        throw ExitCode.invalidInput
    }
}
