import Foundation

/// The system's lock on an open file or folder (flock).
public enum SystemLock {
    /// False with FACETREEL_WITHOUT_LOCKS=1: for file servers whose locks hang, and for tests of what happens where locks
    /// do nothing.
    public static let isUsed = ProcessInfo.processInfo.environment["FACETREEL_WITHOUT_LOCKS"] != "1"

    /// Takes the lock.
    /// - Parameter waits: for another that holds it.
    /// - Returns: 0, or the system's number where that was not possible.
    static func take(_ descriptor: Int32, waits: Bool = false) -> Int32 {
        guard isUsed else { return 0 }
        while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            guard errno == EINTR else { return errno }
        }
        return 0
    }

    /// Whether another holds it; where it does not, it is taken. A file system that knows no locks says that nobody does.
    static func isHeld(_ descriptor: Int32) -> Bool { take(descriptor) == EWOULDBLOCK }
}
