import JobManifest

/// Where in an output folder a run keeps what is not a film.
struct RunFolder: Sendable {
    let output: String

    init(output: String) {
        self.output = output
    }

    var locks: String { "\(output)/.cache/locks" }
    func lock(of reel: Reel) -> String { "\(locks)/\(Self.fileName(reel)).lock" }

    func log(of reel: Reel) -> String { "\(output)/.cache/logs/\(Self.fileName(reel)).jsonl" }

    var report: String { "\(output)/report.json" }
    var junit: String { "\(output)/junit.xml" }

    /// Where a report is written before it gets its name. Always the same, so that a process that was killed meanwhile
    /// leaves nothing behind that the next report would not take away; `reportLock` keeps two processes apart.
    func temporary(_ name: String) -> String { "\(output)/.cache/\(name).partial" }
    var reportLock: String { "\(locks)/report.lock" }

    /// No part of a reel's folder has a tilde, so no two reels share a name.
    private static func fileName(_ reel: Reel) -> String {
        String(reel.folder.map { $0 == "/" ? "~" : $0 })
    }
}
