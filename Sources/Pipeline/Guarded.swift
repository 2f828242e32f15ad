import Synchronization

/// A value that several workers write.
final class Guarded<Value: Sendable>: Sendable {
    private let stored: Mutex<Value>

    init(_ value: Value) {
        stored = Mutex(value)
    }

    var value: Value { stored.withLock { $0 } }

    func update(_ change: (inout Value) -> Void) {
        stored.withLock { change(&$0) }
    }
}
