import Foundation

/// A value that several workers write.
///
/// Foundation's lock, a pthread mutex, and not `Synchronization.Mutex`: on Linux the kernel hands a contended one of those
/// from thread to thread, the thread sanitizer does not see it and takes every such access for a race.
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

    public func update(_ change: (inout Value) -> Void) {
        lock.lock()
        defer { lock.unlock() }
        change(&stored)
    }
}
