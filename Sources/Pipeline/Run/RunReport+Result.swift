import ConvNet
import Foundation
import Records

extension RunReport {
    public init(_ result: RunResult, manifests: [String]) {
        self.init()
        engineRevision = Network.engineRevision
        started = result.started.formatted(.iso8601WithMilliseconds)
        ended = result.started.addingTimeInterval(result.seconds).formatted(.iso8601WithMilliseconds)
        seconds = result.seconds.roundedToMilliseconds
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
                reel: reel.reel, outcome: Outcome(reel.outcome), seconds: reel.seconds.roundedToMilliseconds,
                evaluations: reel.evaluations, message: reel.outcome.message, log: reel.log,
                label: reel.label, network: reel.network, flag: reel.flag, grade: reel.grade)
        }
    }
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
