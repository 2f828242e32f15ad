import Foundation

/// The system's lock on an open file or folder (flock).
public enum SystemLock {
    /// False with FACETREEL_WITHOUT_LOCKS=1: for file servers whose locks hang, and for tests of what happens where locks
    /// do nothing.
    public static let isUsed = ProcessInfo.processInfo.environment["FACETREEL_WITHOUT_LOCKS"] != "1"

    /// Takes the lock, and waits for nobody.
    /// - Returns: 0, or the system's error number.
    static func take(_ descriptor: Int32) -> Int32 {
        guard isUsed else { return 0 }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EINTR else { return errno }
        }
        return 0
    }

    /// Whether another process holds the lock; if not, this takes it. On a file system without locks, nobody holds it.
    static func isHeld(_ descriptor: Int32) -> Bool { take(descriptor) == EWOULDBLOCK }
}
