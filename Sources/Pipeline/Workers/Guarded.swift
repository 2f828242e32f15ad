import Foundation

/// A value that several workers write.
///
/// It uses Foundation's lock, a pthread mutex, and not `Synchronization.Mutex`. On Linux the kernel hands a contended
/// `Mutex` from thread to thread. The thread sanitizer does not see this, and takes every such access for a race.
public final class Guarded<Value: Sendable>: @unchecked Sendable {
    // `@unchecked`: `stored` is read and written with `lock` locked.
    private let lock = NSLock()
    private var stored: Value

    public init(_ value: Value) {
        stored = value
    }

    public var value: Value {
        lock.lock()
        defer { lock.unlock() }
        return stored
    }

    @discardableResult
    public func update<Result>(_ change: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return change(&stored)
    }
}
