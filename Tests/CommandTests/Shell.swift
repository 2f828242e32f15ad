import Foundation
import Testing

/// A line of bash around the built command, for what only a shell says: redirections, pipes, limits, other users. It
/// finds the program in `$facetreel`, and the default network's file in `$weights`.
enum Shell {
    /// Seconds after which a line counts as hanging.
    static let patience = 60

    /// Not yet started.
    static func process(_ line: String, in folder: Scratch, environment: [String: String] = [:]) -> Process {
        let names = ["facetreel": Command.path, "weights": Command.weights, "card": Command.card, "LC_ALL": "C"]
        let process = Command.process([], in: folder, environment: names.merging(environment) { $1 })
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        return process
    }

    static func start(
        _ line: String, in folder: Scratch, environment: [String: String] = [:]
    ) throws -> Command.Running {
        try withOpenSignals { try Command.start(process(line, in: folder, environment: environment), in: folder) }
    }

    /// Runs the line to its end. One that hangs is killed, with everything that it has started.
    static func run(
        _ line: String, in folder: Scratch, environment: [String: String] = [:]
    ) throws -> Command.Outcome {
        let running = try start(line, in: folder, environment: environment)
        endOrKill(running.process)
        return running.wait()
    }

    /// Waits for a process; one that hangs is killed, with its process group.
    static func endOrKill(_ process: Process) {
        for _ in 0..<patience * 200 where process.isRunning { usleep(5_000) }
        guard process.isRunning else { return }
        Issue.record("still running after \(patience) s: \(process.arguments ?? [])")
        // Foundation gives each process a group of its own.
        kill(-process.processIdentifier, SIGKILL)
    }

    /// Runs `start` so that what it starts hears all signals: tests run on threads on which most are blocked, and a new
    /// process inherits that.
    static func withOpenSignals<Result>(_ start: () throws -> Result) rethrows -> Result {
        try withSignals(blocked: [], start)
    }

    /// The same with some signals blocked.
    static func withSignals<Result>(blocked: [Int32], _ start: () throws -> Result) rethrows -> Result {
        var (mask, before) = (sigset_t(), sigset_t())
        sigemptyset(&mask)
        for signal in blocked { sigaddset(&mask, signal) }
        pthread_sigmask(SIG_SETMASK, &mask, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try start()
    }
}

/// A user who is not root, whom permissions and limits of processes bind.
struct OrdinaryUser {
    /// What comes before a command so that this user runs it; nothing where the tests' own user is not root.
    let prefix: String

    private static let number = 65534

    /// Nil where there is no way to be one.
    private static let isReachable: Bool = {
        guard getuid() == 0 else { return true }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash", "-c", "\(asOther) true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private static let asOther = "setpriv --reuid \(number) --regid \(number) --clear-groups"

    /// Whether there is also a second user, whose files are not this one's.
    static var isAnother: Bool { getuid() == 0 && isReachable }

    /// The folder is this user's then, and holds copies of program and weights that this user can read. Nil, with a
    /// message, where a test cannot be one.
    init?(in folder: Scratch) throws {
        guard Self.isReachable else {
            print("skipped: these tests run as root, and setpriv does not let them be another user")
            return nil
        }
        guard getuid() == 0 else {
            prefix = ""
            return
        }
        let copied = try Shell.run(
            """
            mkdir .bin && for file in "$facetreel" "$weights" "$card"; do
                ln "$file" .bin/ 2> /dev/null || cp "$file" .bin/ || exit 1
            done
            chown \(Self.number):\(Self.number) . && \(Self.asOther) test -r .bin/facetreel
            """, in: folder)
        guard copied.status == 0 else {
            print("skipped: another user does not reach \(folder.path): \(copied)")
            return nil
        }
        prefix = Self.asOther
    }

    /// Runs a line of bash as this user. `limit` comes first: `ulimit -u 4`.
    func start(_ line: String, limit: String = ":", in folder: Scratch) throws -> Command.Running {
        guard !prefix.isEmpty else { return try Shell.start("\(limit); \(line)", in: folder) }
        return try Shell.start(
            #"exec \#(prefix) bash -c '\#(limit); eval "$line"'"#, in: folder,
            environment: [
                "facetreel": "\(folder.path)/.bin/facetreel",
                "FACETREEL_NETWORKS": "\(folder.path)/.bin", "line": line, "HOME": folder.path,
            ])
    }

    func run(_ line: String, limit: String = ":", in folder: Scratch) throws -> Command.Outcome {
        let running = try start(line, limit: limit, in: folder)
        Shell.endOrKill(running.process)
        return running.wait()
    }
}
