import Foundation

/// One process among all that share an output folder, on whatever machine.
public struct ProcessIdentity: Codable, Sendable, Equatable {
    /// Part of file names; no other process of any machine has the same.
    public let name: String
    public let host: String
    public let process: Int32
    /// Where process numbers have the same meaning: this boot of the machine, and this container. Nil if the system
    /// does not say.
    public let space: String?
    /// Clock ticks from the boot to the start of the process. A later process with the same number has others.
    public let startTicks: UInt64?
    /// ISO 8601, by the machine's own clock. It is only for people: nothing is decided by it.
    public let started: String
    /// The Slurm task that it is, `1234_7`.
    public let task: String?

    public static let current = ProcessIdentity()

    private init() {
        var bytes = [CChar](repeating: 0, count: 257)
        let hasName = gethostname(&bytes, bytes.count - 1) == 0
        let host = hasName ? String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
        let environment = ProcessInfo.processInfo.environment
        self.init(
            host: host, process: getpid(), space: Self.space, startTicks: Self.status(of: getpid())?.startTicks,
            task: Self.task(environment))
    }

    public init(host: String, process: Int32, space: String?, startTicks: UInt64?, task: String? = nil) {
        self.host = host.isEmpty ? "unknown" : host
        self.process = process
        self.space = space
        self.startTicks = startTicks
        self.task = task
        started = Date().formatted(.iso8601WithMilliseconds)
        name = "\(Self.prefix(self.host))\(process)~\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    }

    /// The part of a host's name that every file system accepts, cut short if it is long.
    private static func prefix(_ host: String) -> String {
        String(host.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }) + "~"
    }

    /// Whether the process with this name may be one of this machine.
    public static func isOfThisMachine(_ name: String) -> Bool { name.hasPrefix(prefix(current.host)) }

    /// Whether this machine knows that the process has ended; false for a process of another machine.
    public var isKnownToBeDead: Bool {
        guard let space, let startTicks, space == Self.space, process > 0 else { return false }
        guard let status = Self.status(of: process) else { return true }
        return status.startTicks != startTicks || status.isEnding
    }

    /// `1234_7` of an array's task, `1234` of another job.
    public static func task(_ environment: [String: String]) -> String? {
        if let array = environment["SLURM_ARRAY_JOB_ID"], let index = environment["SLURM_ARRAY_TASK_ID"] {
            return "\(array)_\(index)"
        }
        return environment["SLURM_JOB_ID"]
    }

    // MARK: - What the system says

    private static let space: String? = {
        guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
            let container = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        else { return nil }
        return boot.trimmingCharacters(in: .whitespacesAndNewlines) + " " + container
    }()

    /// Nil where there is no such process.
    private static func status(of process: Int32) -> (startTicks: UInt64, isEnding: Bool)? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The program's name, in brackets, may hold anything.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = UInt64(fields[19]) else { return nil }
        return (ticks, fields[0] == "Z" || fields[0] == "X")
    }
}
