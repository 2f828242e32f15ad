import Synchronization

/// Counts the images that the network sees: those of all evaluators that run while this meter is `current`.
///
/// It is ambient because the evaluators lie many calls below the code that wants to know the count, and the code in
/// between should not have to pass it on.
public final class EvaluationMeter: Sendable {
    /// The meter of the code that runs now. Code that hands work to another thread must hand this on, too.
    @TaskLocal public static var current: EvaluationMeter?

    private let images = Atomic<Int>(0)

    public init() {}

    /// Images so far.
    public var evaluations: Int { images.load(ordering: .relaxed) }

    /// Counts one more image. This takes a few nanoseconds, an evaluation some milliseconds.
    public func count() {
        images.add(1, ordering: .relaxed)
    }
}
