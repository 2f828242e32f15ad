import ConvNet
import Disk
import Foundation

/// `report.json`: what a run did, for programs.
public struct RunReport: Codable, Sendable, Equatable {
    /// Of this form of report.
    public var version = 1
    public var engineRevision = Network.engineRevision
    /// ISO 8601, in UTC.
    public var started: String
    public var ended: String
    public var seconds: Double
    /// As the command was given them.
    public var manifests: [String]
    public var workers: Int
    /// `signal 15`, `time budget`, or why no further reel was started; null of a run that went to its end.
    public var stopped: String?
    public var counts: RunResult.Counts
    public var evaluations: Int
    public var evaluationsPerSecond: Double
    /// The first in time.
    public var firstFailure: Failure?
    public var reels: [Entry]
    /// Of a part of a batch: which, as `I/N`.
    public var shard: String?
    /// The batch that it is of, or that this is the whole of.
    public var batch: String?
    /// The file of the plan that says what films the whole batch is to make.
    public var plan: String?

    public struct Failure: Codable, Sendable, Equatable {
        public var reel: String
        public var message: String
    }

    public struct Entry: Codable, Sendable, Equatable {
        public var reel: String
        public var outcome: Outcome
        public var seconds: Double
        public var evaluations: Int
        public var message: String?
        /// The path of its log.
        public var log: String?

        public init(
            reel: String, outcome: Outcome, seconds: Double, evaluations: Int, message: String? = nil,
            log: String? = nil
        ) {
            self.reel = reel
            self.outcome = outcome
            self.seconds = seconds
            self.evaluations = evaluations
            self.message = message
            self.log = log
        }
    }

    public enum Outcome: String, Codable, Sendable {
        case rendered, upToDate, byAnotherProcess, failed, stopped, notStarted
    }

    public init(_ result: RunResult, manifests: [String]) {
        started = result.started.formatted(.iso8601WithMilliseconds)
        ended = result.started.addingTimeInterval(result.seconds).formatted(.iso8601WithMilliseconds)
        seconds = Self.milliseconds(result.seconds)
        self.manifests = manifests
        workers = result.workers
        stopped =
            switch result.stop {
            case .signal(let number): "signal \(number)"
            case .timeBudget: result.isOutOfTime ? "time budget" : nil
            case nil: result.halt
            }
        counts = result.counts
        evaluations = result.evaluations
        evaluationsPerSecond =
            result.seconds > 0 ? (Double(result.evaluations) / result.seconds * 10).rounded() / 10 : 0
        firstFailure = result.firstFailure.map { Failure(reel: $0.reel, message: $0.message) }
        reels = result.reels.map { reel in
            Entry(
                reel: reel.reel, outcome: Outcome(reel.outcome), seconds: Self.milliseconds(reel.seconds),
                evaluations: reel.evaluations, message: reel.outcome.message, log: reel.log)
        }
    }

    /// Indented, with sorted keys.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    private static func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

extension RunReport.Outcome {
    init(_ outcome: ReelOutcome) {
        self =
            switch outcome {
            case .finished: .rendered
            case .upToDate: .upToDate
            case .finishedElsewhere: .byAnotherProcess
            case .failed: .failed
            case .stopped: .stopped
            case .notStarted: .notStarted
            }
    }
}

extension ReelOutcome {
    /// Why it failed or was not started.
    var message: String? {
        switch self {
        case .failed(let message): message
        case .notStarted(let reason): reason
        case .finished, .upToDate, .finishedElsewhere, .stopped: nil
        }
    }
}
