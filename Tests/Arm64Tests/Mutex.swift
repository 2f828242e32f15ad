// Compiled into Networks and ConvNet on arm64.

/// In place of the lock of Synchronization, which needs a system: the tests there run on one thread.
final class Mutex<Value>: @unchecked Sendable {
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result, Problem: Error>(_ body: (inout Value) throws(Problem) -> Result) throws(Problem) -> Result {
        try body(&value)
    }
}
