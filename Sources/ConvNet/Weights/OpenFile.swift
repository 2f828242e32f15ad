import Foundation

/// A regular file held open for reading; closed when the last reference goes.
final class OpenFile: Sendable {
    /// Why a file cannot be opened or read, in the system's words.
    struct Problem: Error {
        let reason: String
    }

    let size: Int
    private let descriptor: Int32

    init(path: String) throws(Problem) {
        // The system would open what stands before the zero.
        guard !path.utf8.contains(0) else { throw Problem(reason: "has a zero in its name") }
        // Not waiting: a pipe under this name must not hold the program up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw OpenFile.problem("cannot be opened") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let problem = OpenFile.problem("cannot be examined")
            close(descriptor)
            throw problem
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Problem(reason: status.st_mode & S_IFMT == S_IFDIR ? "is a directory" : "is no regular file")
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Reads `count` values from byte `offset` on. Safe to call from several threads.
    ///
    /// A file that has become shorter since it was opened is an error, where a memory map would be a crash.
    func values<Value: BitwiseCopyable>(_ count: Int, at offset: Int) throws(Problem) -> [Value] {
        var problem: Problem?
        let values = [Value](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            problem = fill(
                UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * MemoryLayout<Value>.stride),
                from: offset)
            initializedCount = problem == nil ? count : 0
        }
        if let problem { throw problem }
        return values
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) -> Problem? {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return OpenFile.problem("cannot be read") }
            guard count > 0 else { return Problem(reason: "has become shorter while it was read") }
            done += count
        }
        return nil
    }

    private static func problem(_ reason: String) -> Problem {
        Problem(reason: "\(reason) (\(String(cString: strerror(errno))))")
    }
}
