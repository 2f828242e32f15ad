import Disk
import Networks

/// What the workers of a run share.
final class RunState: Sendable {
    private struct Shared {
        var results: [ReelResult]
        var putOff: [Int] = []
        var halt: String?
        var firstFailed: Int?
        var isShort = false
        /// How many reels of each network are not done.
        var left: [NetworkReference: Int]
    }

    private let shared: Guarded<Shared>
    let gate: StartGate?
    /// The `film.json` of every reel when the run began.
    let records: [FileSignature?]

    init(results: [ReelResult], gate: StartGate?, records: [FileSignature?], networks: [NetworkReference]) {
        shared = Guarded(Shared(results: results, left: networks.reduce(into: [:]) { $0[$1, default: 0] += 1 }))
        self.gate = gate
        self.records = records
    }

    /// The results of all reels. Those that were never reached get the reason for it.
    var results: [ReelResult] {
        let shared = shared.value
        guard let halt = shared.halt else { return shared.results }
        return shared.results.map { result in
            guard case .notStarted = result.outcome else { return result }
            var result = result
            result.outcome = .notStarted(reason: halt)
            return result
        }
    }

    /// Why no further reel is started; nil while reels are started.
    var halt: String? { shared.value.halt }

    /// The reel that failed before all others.
    var firstFailed: Int? { shared.value.firstFailed }

    func set(_ index: Int, _ outcome: ReelOutcome, _ log: RunLogs.Result? = nil) {
        shared.update {
            $0.results[index].outcome = outcome
            if case .failed = outcome, $0.firstFailed == nil { $0.firstFailed = index }
            $0.results[index].seconds += log?.seconds ?? 0
            $0.results[index].evaluations += log?.evaluations ?? 0
            $0.results[index].log = log?.path ?? $0.results[index].log
        }
    }

    /// Notes that a reel of a network is done; returns the network if it was the last one.
    func finish(_ network: NetworkReference) -> NetworkReference? {
        shared.update { shared in
            let left = (shared.left[network] ?? 0) - 1
            shared.left[network] = left
            return left == 0 ? network : nil
        }
    }

    func putOff(_ index: Int) {
        shared.update { $0.putOff.append(index) }
    }

    /// Returns the reels that were put off so far, in order, and removes them from the list.
    func takePutOff() -> [Int] {
        shared.update { shared in
            defer { shared.putOff = [] }
            return shared.putOff.sorted()
        }
    }

    /// Whether this is the first time that there are fewer workers than were asked for.
    func isFirstShortage() -> Bool {
        shared.update { shared in
            defer { shared.isShort = true }
            return !shared.isShort
        }
    }

    /// Notes why no further reel is started; only the first reason is kept.
    func halt(_ reason: String) {
        shared.update { $0.halt = $0.halt ?? reason }
    }
}
