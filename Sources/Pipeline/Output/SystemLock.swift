import Foundation
import Glibc

/// The system's lock on an open file or folder (flock).
enum SystemLock {
    /// False with FACETREEL_WITHOUT_LOCKS=1: for file servers whose locks hang, and for tests of what happens where locks
    /// do nothing.
    static let isUsed = ProcessInfo.processInfo.environment["FACETREEL_WITHOUT_LOCKS"] != "1"

    /// Takes the lock without waiting.
    /// - Returns: 0, or the system's number where that was not possible.
    static func take(_ descriptor: Int32) -> Int32 {
        guard isUsed else { return 0 }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
    }

    /// Whether another holds it; where it does not, it is taken. A file system that knows no locks says that nobody does.
    static func isHeld(_ descriptor: Int32) -> Bool { take(descriptor) == EWOULDBLOCK }
}
