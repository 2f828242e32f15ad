import ArgumentParser
import Pipeline

/// What commands share that do long work on several workers and can continue it.
enum ResumableWork {
    /// - Throws: `ValidationError` for an option that is out of range.
    static func check(checkpointInterval: Double?, jobs: Int?) throws {
        if let checkpointInterval, !(0...3600).contains(checkpointInterval) {
            throw ValidationError("--checkpoint-interval \(checkpointInterval): expected 0 to 3600")
        }
        if let jobs, !WorkerCount.allowed.contains(jobs) {
            throw ValidationError(
                "--jobs \(jobs): expected \(WorkerCount.allowed.lowerBound) to \(WorkerCount.allowed.upperBound)")
        }
    }
}
