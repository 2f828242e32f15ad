import Foundation

/// A program that is run to its end. It needs no thread, which Foundation's `Process` waits for in vain where the system
/// starts none.
enum ChildProcess {
    struct Outcome {
        /// The exit status, or 128 + the signal that ended it.
        var status: Int32
        var output: String
        /// What it has said on standard error, without white space around it.
        var messages: String
    }

    /// - Throws: `ClusterError` where it cannot be started.
    static func run(_ program: String, _ arguments: [String]) throws(ClusterError) -> Outcome {
        var (output, messages): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&output) == 0, pipe(&messages) == 0 else {
            let number = errno
            for end in output where end >= 0 { close(end) }
            throw fault(program, number)
        }
        for end in output + messages { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process: pid_t
        do throws(ClusterError) {
            defer { for end in [output[1], messages[1]] { close(end) } }
            process = try start(program, arguments, output: output[1], messages: messages[1])
        } catch {
            for end in [output[0], messages[0]] { close(end) }
            throw error
        }
        let texts = read([output[0], messages[0]])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            // Where children are not waited for (SIGCHLD ignored), nobody knows how this one ended.
            guard errno == EINTR else { throw fault(program, errno) }
        }
        // wait(2): the signal in the low seven bits, the exit status in the next byte.
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
        return Outcome(
            status: code, output: texts[0], messages: texts[1].trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func start(
        _ program: String, _ arguments: [String], output: Int32, messages: Int32
    ) throws(ClusterError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO)
        // This program ignores broken pipes and limits of files' sizes; others are to end with them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let number = posix_spawn(&process, program, &actions, &attributes, &words, environ)
        guard number == 0 else { throw fault(program, number) }
        return process
    }

    private static func fault(_ program: String, _ number: Int32) -> ClusterError {
        ClusterError(description: "\(program) cannot be run: \(String(cString: strerror(number)))")
    }

    /// What comes from some pipes, up to the end of all, and closes them. Read side by side: a program that fills one
    /// waits until somebody reads it.
    private static func read(_ pipes: [Int32]) -> [String] {
        var bytes = pipes.map { _ in [UInt8]() }
        var ends = pipes.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var piece = [UInt8](repeating: 0, count: 1 << 12)
        while ends.contains(where: { $0.fd >= 0 }) {
            guard poll(&ends, nfds_t(ends.count), -1) >= 0 else { continue }
            for index in ends.indices where ends[index].fd >= 0 && ends[index].revents != 0 {
                let count = Glibc.read(ends[index].fd, &piece, piece.count)
                if count > 0 {
                    bytes[index] += piece[..<count]
                } else if count == 0 || errno != EINTR {
                    close(ends[index].fd)
                    ends[index].fd = -1
                }
            }
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
