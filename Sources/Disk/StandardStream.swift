import Foundation
import Synchronization

/// Standard output or standard error of this process: a terminal that may be closed at any time, a pipe whose reader
/// may go, a file on a disk that may be full.
///
/// What is printed is a result: if it cannot be written, the command has failed (`failure`). What is said is best
/// effort: no terminal, pipe or disk behind it decides the fate of a run.
public final class StandardStream: Sendable {
    public static let output = StandardStream(descriptor: STDOUT_FILENO)
    public static let error = StandardStream(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    private let firstError = Atomic<Int32>(0)
    private let isStalled = Atomic<Bool>(false)

    /// The most that a pipe takes whole or not at all (PIPE_BUF): no piece waits in the middle.
    private static let piece = 4096

    /// - Parameter descriptor: open for writing.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Opens those of the descriptors 0 to 2 that this process was started without: the next file that it opens would
    /// get their number, and then everything that is printed or said. To write to them is an error, as before
    /// (`EBADF`).
    ///
    /// Called before any file is opened.
    public static func openMissing() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one, as all below are open. Programs that this one starts inherit it.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    // MARK: - Results

    /// Prints a text. Once something could not be written, nothing further is.
    ///
    /// - Parameter isNews: what is printed only tells what has been done. Then it is no failure if nobody takes it: if
    ///   the reader is gone, the terminal closed, or there was no output from the beginning.
    public func print(_ text: String, terminator: String = "\n", isNews: Bool = false) {
        guard firstError.load(ordering: .relaxed) == 0 else { return }
        var text = text + terminator
        let number = text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
        if isNews, [EPIPE, EIO, EBADF].contains(number) { return }
        if number != 0 { firstError.store(number, ordering: .relaxed) }
    }

    /// The system's reason why not all is written that was printed; nil if all is.
    public var failure: Int32? {
        let number = firstError.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    // MARK: - Messages

    /// Writes a text if that is possible.
    ///
    /// - Parameter patience: how many seconds to wait for a reader that has stopped reading, or a terminal that was told
    ///   to stop; then the text is dropped, and so are all further ones until it reads again. Nil: as long as it takes.
    public func say(_ text: String, patience: Double? = nil) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                if let patience {
                    let isReady = takesMore(isStalled.load(ordering: .relaxed) ? 0 : patience)
                    isStalled.store(!isReady, ordering: .relaxed)
                    guard isReady else { return }
                }
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(patience == nil ? rest.count : Self.piece))
                guard writeAll(piece, to: descriptor) == 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            }
        }
    }

    /// Whether a piece can be written without waiting, now or within so many seconds. What is broken takes it, and
    /// answers with an error.
    private func takesMore(_ seconds: Double) -> Bool {
        var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = poll(&end, 1, Int32(seconds * 1000))
            if count >= 0 || errno != EINTR { return count != 0 }
        }
    }
}
