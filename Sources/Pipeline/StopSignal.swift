import Synchronization

/// Whether, and by which signal, this run has been asked to stop. Workers look at it between steps.
public final class StopSignal: Sendable {
    private let number = Atomic<Int32>(0)

    public init() {}

    /// The signal (SIGINT 2, SIGTERM 15) that asked for the stop; nil while none has.
    public var signal: Int32? {
        let value = number.load(ordering: .acquiring)
        return value == 0 ? nil : value
    }

    public var isRequested: Bool { signal != nil }

    /// Asks for the stop. Returns false if it had been asked for before.
    @discardableResult
    public func request(signal: Int32) -> Bool {
        number.compareExchange(expected: 0, desired: signal, ordering: .acquiringAndReleasing).exchanged
    }

    /// - Throws: `Stopped` once a stop has been asked for.
    public func check() throws {
        if isRequested { throw Stopped() }
    }
}

/// The work was given up because a stop was asked for: not a failure of the work.
public struct Stopped: Error, Equatable {
    public init() {}
}
