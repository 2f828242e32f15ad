import Disk
import Film
import Glibc

/// What the system's error numbers mean for a run.
enum SystemFailure {
    /// Errors that may be over in a second. All others would only happen again: bad input, a full disk, a missing file.
    private static let transient: Set<Int32> = [EINTR, EAGAIN, EIO, ESTALE, ETIMEDOUT, EBUSY]

    /// Errors after which no other reel can be written either, and what they mean in words.
    private static let outputFaults: [Int32: String] = [
        ENOSPC: "the output folder is full", EDQUOT: "the output folder's quota is used up",
        EROFS: "the output folder cannot be written to",
    ]

    /// The system's number for an error, also if other errors wrap it.
    static func number(of error: any Error) -> Int32? {
        switch error {
        case let error as ReelError: number(of: error.cause)
        case let error as FilmError: error.cause?.errorNumber
        case let error as DiskError: error.errorNumber
        default: nil
        }
    }

    static func isTransient(_ error: any Error) -> Bool {
        number(of: error).map(transient.contains) ?? false
    }

    /// Why no other reel can be written either; nil where the failure is the reel's own.
    static func outputFault(_ error: any Error) -> String? {
        number(of: error).flatMap { outputFaults[$0] }
    }
}
