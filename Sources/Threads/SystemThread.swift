import Glibc

/// A thread of the system, started by hand.
///
/// Dispatch takes threads for granted: where the system refuses one (`ulimit -u`, a container's `pids.max`, memory),
/// it tries again every second and for ever, inside the call that only wanted to hand over work. Here a refusal is an
/// error, and the caller goes on with the threads that it has.
public final class SystemThread: Sendable {
    /// The system starts no further thread.
    public struct Refused: Error, Equatable, CustomStringConvertible {
        /// The system's `errno`.
        public let errorNumber: Int32

        /// `Resource temporarily unavailable; ...`
        public var description: String {
            "\(String(cString: strerror(errorNumber))); a limit of processes (ulimit -u, pids.max) or of memory is reached"
        }
    }

    private let handle: pthread_t

    /// Starts `body` on a new thread. The thread must be joined.
    /// - Throws: `Refused`.
    public init(_ body: @escaping @Sendable () -> Void) throws(Refused) {
        // The new thread takes it over.
        let work = Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let number = pthread_create(
            &handle, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard number == 0 else {
            work.release()
            throw Refused(errorNumber: number)
        }
        self.handle = handle
    }

    /// Waits until the thread has ended. Called once.
    public func join() { pthread_join(handle, nil) }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
