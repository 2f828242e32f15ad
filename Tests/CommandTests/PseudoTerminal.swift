import Foundation

/// A terminal of which this process holds the other end.
final class PseudoTerminal {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Linux' TIOCSPTLCK and TIOCGPTN (asm-generic/ioctls.h): Swift sees neither these macros nor `posix_openpt`.
    private static let (setLock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))

    private var master: Int32
    private var slave: Int32?

    init(columns: UInt16, rows: UInt16) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard master >= 0 else { throw Failure(description: "/dev/ptmx: errno \(errno)") }
        var (lock, number) = (Int32(0), UInt32(0))
        guard ioctl(master, Self.setLock, &lock) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
            throw Failure(description: "/dev/ptmx gives no terminal: errno \(errno)")
        }
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Failure(description: "/dev/pts/\(number): errno \(errno)") }
        self.slave = slave
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(slave, UInt(TIOCSWINSZ), &size) == 0 else {
            throw Failure(description: "TIOCSWINSZ: errno \(errno)")
        }
    }

    deinit {
        if let slave { close(slave) }
        hangUp()
    }

    /// Closes this end, as a terminal does whose window is closed.
    func hangUp() {
        if master >= 0 { close(master) }
        master = -1
    }

    /// Starts `process` with its standard error here, and its standard output as well where that is asked for.
    /// - Parameter withInput: also its standard input, from which `setsid --ctty` makes it the terminal of a session.
    func start(_ process: Process, withOutput: Bool = false, withInput: Bool = false) throws {
        guard let slave else { throw Failure(description: "this terminal has been used") }
        let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.standardError = handle
        if withOutput { process.standardOutput = handle }
        if withInput { process.standardInput = handle }
        try Shell.withOpenSignals { try process.run() }
        // Reading ends when nobody holds the other side any more.
        close(slave)
        self.slave = nil
    }

    /// What arrives until `text` is among it, or until nobody writes any more; with the line ends that a terminal makes
    /// of them as they were.
    func read(until text: String? = nil) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Foundation.read(master, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            if let text, String(decoding: bytes, as: UTF8.self).contains(text) { break }
        }
        return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    /// Runs `process` with its standard error here, and its standard output as well where that is asked for; returns
    /// what it wrote.
    func messages(of process: Process, withOutput: Bool = false) throws -> String {
        try start(process, withOutput: withOutput)
        defer { process.waitUntilExit() }
        return read()
    }
}
