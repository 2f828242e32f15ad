import Foundation
import Synchronization

/// Whether, and why, this run has been asked to stop. Workers look at it between steps.
public final class StopSignal: Sendable {
    /// What asked for the stop.
    public enum Cause: Sendable, Equatable {
        /// By its number: SIGHUP 1, SIGINT 2, SIGTERM 15.
        case signal(Int32)
        /// The time that the run was given is over.
        case timeBudget
    }

    /// 0: none has asked; `overtime`; or a signal's number.
    private let number = Atomic<Int32>(0)
    private static let overtime: Int32 = -1
    private let end: Deadline?
    private let received: @Sendable () -> Int32

    /// - Parameters:
    ///   - deadline: when the run asks itself to stop.
    ///   - received: the number of the first signal that the process was sent; 0 while there is none.
    public init(deadline: Deadline? = nil, received: @escaping @Sendable () -> Int32 = { 0 }) {
        end = deadline
        self.received = received
    }

    /// What asked first; nil while nothing has.
    public var cause: Cause? {
        let received = received()
        if received != 0 { request(signal: received) }
        let value = number.load(ordering: .acquiring)
        if value == Self.overtime { return .timeBudget }
        if value != 0 { return .signal(value) }
        guard let end, end.hasPassed else { return nil }
        request(Self.overtime)
        return self.cause
    }

    /// The signal that asked for the stop; nil while none has.
    public var signal: Int32? {
        if case .signal(let number) = cause { number } else { nil }
    }

    public var isRequested: Bool { cause != nil }

    /// Asks for the stop. Returns false if a signal had asked for it before.
    @discardableResult
    public func request(signal: Int32) -> Bool {
        if request(signal) { return true }
        // The end of the time budget is no signal: the first signal after it still lets steps finish.
        return number.compareExchange(
            expected: Self.overtime, desired: signal, ordering: .acquiringAndReleasing
        ).exchanged
    }

    @discardableResult
    private func request(_ value: Int32) -> Bool {
        number.compareExchange(expected: 0, desired: value, ordering: .acquiringAndReleasing).exchanged
    }

    /// Sleeps so many seconds, or until a stop is asked for.
    public func pause(_ seconds: Double) {
        let end = MonotonicClock.system.now() + seconds
        while !isRequested {
            let left = end - MonotonicClock.system.now()
            if left <= 0 { return }
            Thread.sleep(forTimeInterval: min(left, 0.05))
        }
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
