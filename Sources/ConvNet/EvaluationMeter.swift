import Synchronization

/// Counts the images that the network sees: those of all evaluators that run where it is `current`.
///
/// Ambient, because what is counted lies many calls below whoever wants to know, and nothing in between should care.
public final class EvaluationMeter: Sendable {
    /// Of the code that runs now. Whoever hands work to another thread hands this on.
    @TaskLocal public static var current: EvaluationMeter?

    private let images = Atomic<Int>(0)

    public init() {}

    /// Images so far.
    public var evaluations: Int { images.load(ordering: .relaxed) }

    /// One more image. A few nanoseconds beside an evaluation's milliseconds.
    public func count() {
        images.add(1, ordering: .relaxed)
    }
}
