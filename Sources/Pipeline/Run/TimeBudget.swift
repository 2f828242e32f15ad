import Records

/// How long a run may take: `90s`, `30m`, `8h`, `1h30m`.
public struct TimeBudget: Sendable, Equatable {
    public let seconds: Double

    /// More than 1000 hours is a mistake.
    static let longest = 3_600_000

    /// - Parameter text: in the grammar of `Durations`.
    public init(_ text: String) throws(MalformedArgument) {
        guard let total = Durations.seconds(of: text) else {
            throw MalformedArgument(description: "expected a time such as 90s, 30m, 8h or 1h30m, found \"\(text)\"")
        }
        guard (1...Self.longest).contains(total) else {
            throw MalformedArgument(description: "expected a time from 1s to 1000h, found \"\(text)\"")
        }
        seconds = Double(total)
    }
}

/// Decides which reels are still worth starting before a deadline, by how long those of this run have taken.
final class StartGate: Sendable {
    private struct Mean {
        var seconds = 0.0
        var count = 0

        mutating func add(_ value: Double) {
            seconds += value
            count += 1
        }

        var value: Double? { count > 0 ? seconds / Double(count) : nil }
    }

    private struct Measured {
        var layers: [String: Mean] = [:]
        var all = Mean()
    }

    private let deadline: Deadline
    private let measured = Guarded(Measured())

    init(deadline: Deadline) {
        self.deadline = deadline
    }

    /// Notes that a reel of the layer was rendered in so many seconds.
    func record(layer: String, seconds: Double) {
        measured.update {
            $0.layers[layer, default: Mean()].add(seconds)
            $0.all.add(seconds)
        }
    }

    /// Seconds that a reel of the layer is expected to take: the mean of its layer, or else of all; nil while none has
    /// been rendered.
    func expectedSeconds(layer: String) -> Double? {
        let measured = measured.value
        return measured.layers[layer]?.value ?? measured.all.value
    }

    /// Whether a reel of the layer would end in time. The first one may always start, since nothing is known yet.
    func admits(layer: String) -> Bool {
        !deadline.hasPassed && (expectedSeconds(layer: layer) ?? 0) <= deadline.secondsLeft
    }
}
