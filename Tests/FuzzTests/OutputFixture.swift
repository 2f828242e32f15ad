import Cluster
import ConvNet
import Disk
import Foundation
import Gallery
import JobManifest
import Measurement
import Records

@testable import Pipeline
@testable import PipelineSupport
@testable import facetreel

/// An output folder with a file of every kind that the program writes, beside things that belong to its user.
struct OutputFixture: Sendable {
    let reel: Reel
    /// Every file by its path, `Output/...` and `outside/...`.
    let files: [String: [UInt8]]
    /// Unfinished stages: more than one state of some, so each with its path.
    let checkpoints: [(path: String, bytes: [UInt8])]

    static let film = "Output/tiny/block_2_add/3"
    static let other = "Output/other/block_2_add/5"
    static let digest = (try? Rendering.networks.digest(of: .standard)) ?? ""
    static let calibration = Calibration.file(in: "Output", digest: digest)

    static let shared = Result { try OutputFixture() }

    private init() throws {
        var reel = try Rendering.reel(
            TinyReels.manifest(
                #"""
                {"name": "a", "steps": 3},
                {"name": "f", "count": 2, "diversity": 1, "steps": 2, "parameterization": "fourier"}
                """#,
                #""pivots": 3, "levels": [2], "steps": 2, "extraSteps": 2, "interpolations": 1"#))
        reel.video.graph = false
        self.reel = reel
        let rendering = Rendering()
        checkpoints = try Self.checkpoints(of: reel)

        _ = try Self.session(reel, rendering.output).render()
        _ = try Self.session(reel, rendering.output, shard: true).render()
        var files = Self.files(in: rendering.output).reduce(into: [String: [UInt8]]()) {
            $0["Output/\($1.key)"] = $1.value
        }
        for (path, bytes) in checkpoints { files[path] = bytes }

        // Another job's film, and what its user has put beside it.
        for (path, bytes) in files where path.hasPrefix(Self.film + "/") {
            files[Self.other + path.dropFirst(Self.film.count)] = bytes
        }
        let notes = Array("not to be lost\n".utf8)
        for path in [
            "Output/notes.txt", "Output/tiny/notes.txt", "Output/tiny/block_2_add/notes.txt", "\(Self.film)/notes.txt",
            "\(Self.film)/facets/notes.txt", "\(Self.other)/notes.txt", "\(Self.other)/facets/notes.txt",
            "Output/.cache/notes.txt",
            "Output/.cache/locks/notes.txt", "Output/.cache/batches/notes.txt", "Output/.cache/plans/notes.txt",
            "Output/.cache/ab/model.safetensors", "Output/.cache/ab/notes.txt",
            "Output/3/index.html", "block_2_add/3/index.html", "index.html", "outside/index.html", "outside/notes.txt",
            "outside/block_2_add/3/index.html", "outside/x/block_2_add/3/index.html", "outside/film.mp4",
            "outside/facets/01-a.png", "outside/ab/weights.safetensors", "outside/report.json",
            "outside/weights.safetensors",
        ] { files[path] = notes }

        // What dead processes and other commands have left.
        let dead = ProcessIdentity(host: "node7", process: 42, space: "boot", startTicks: 7, task: "1_2")
        let owner = ReelClaim.Owner(
            name: dead.name, host: "node7", process: 42, since: "2026-01-01T00:00:00.000Z", task: "1_2")
        files["Output/.cache/processes/\(dead.name).json"] = Array(try JSONEncoder().encode(dead))
        for reel in ["tiny~block_2_add~3", "other~block_2_add~5"] {
            files["Output/.cache/locks/\(reel).owner"] = Array(try JSONEncoder().encode(owner))
            files["Output/.cache/locks/\(reel).lock"] = []
        }
        if let network = Rendering.network {
            let file = Calibration.file(in: rendering.output, digest: Self.digest)
            _ = try Calibration.kept(in: file, network: network)
            files[Self.calibration] = try WholeFile.bytes(of: file)
        }
        let snapshot = try MeasureSnapshot(rendering.output)
        var better = snapshot
        for name in better.films.keys { better.films[name]?.measures["path 1 robustMinimum"] = 0.1 }
        files["Output/regressions.json"] = Array(
            try SnapshotComparison(old: better, new: snapshot).stableJSON(isIndented: true))
        let lines = try snapshot.films.values.map { try $0.stableJSON() + Data("\n".utf8) }
        files["Output/monday.jsonl"] = lines.flatMap { Array($0) }
        self.files = files
    }

    static func session(_ reel: Reel, _ output: String, shard: Bool = false, stop: StopSignal = StopSignal()) throws
        -> RenderSession
    {
        guard Rendering.hasWeights else { throw Fuzz.Finding("the weights are not there") }
        return RenderSession(
            films: [reel], networks: Rendering.networks, output: output, manifests: ["m.json"],
            shard: shard ? try Shard("0/1") : nil, batch: shard ? "night" : nil, stop: stop, say: { _ in })
    }

    /// What is kept of each stage when a run is stopped in it.
    private static func checkpoints(of reel: Reel) throws -> [(path: String, bytes: [UInt8])] {
        var found: [(path: String, bytes: [UInt8])] = []
        for stop in 1...12 {
            let rendering = Rendering()
            _ = try rendering.render(reel, workers: 1, stopAfter: stop, interval: .zero)
            for (path, bytes) in files(in: rendering.output) where path.hasSuffix(".checkpoint") {
                let path = "Output/\(path)"
                if !found.contains(where: { $0.path == path && $0.bytes == bytes }) { found.append((path, bytes)) }
            }
        }
        return found.sorted { ($0.path, $0.bytes.count) < ($1.path, $1.bytes.count) }
    }

    private static func files(in folder: String) -> [String: [UInt8]] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.reduce(into: [:]) { files, name in
            if let bytes = try? WholeFile.bytes(of: "\(folder)/\(name)") { files[name] = bytes }
        }
    }
}

/// A copy of the fixture that a test may damage, again and again.
final class WorkingCopy {
    let root: String
    var output: String { "\(root)/Output" }
    private(set) var files: [String: [UInt8]]
    private var marks: [String: Mark] = [:]
    /// The text of every file that is to be damaged, for pieces of it to land in others.
    let others: [[UInt8]]

    /// While these are the same, nobody has written the file.
    private struct Mark: Equatable {
        let kind: UInt32
        let size: Int
        let seconds: Int
        let nanoseconds: Int
        let inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            kind = status.st_mode & S_IFMT
            size = Int(status.st_size)
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
            inode = UInt64(status.st_ino)
        }
    }

    init(_ fixture: OutputFixture) throws {
        let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        root = "\(parent)/facetreel-fuzz-\(UInt64.random(in: 0...UInt64.max))"
        files = fixture.files
        others = files.filter { $0.key.hasSuffix("json") || $0.key.hasSuffix("owner") }.sorted { $0.key < $1.key }
            .map(\.value)
        // A batch of which a film has failed; its log lies here.
        let failed = files.keys.first { $0.hasPrefix("Output/.cache/batches/night/") } ?? ""
        var report = try JSONDecoder().decode(RunReport.self, from: Data(files[failed] ?? []))
        for index in report.reels.indices {
            report.reels[index].outcome = .failed
            report.reels[index].message = "no room"
            report.reels[index].log = "\(root)/\(Self.log)"
        }
        files[failed] = Array(try report.json())
        // Another shard's, which has not begun.
        report.shard = "1/2"
        report.reels[0].outcome = .notStarted
        files[failed.replacing("0-of-1", with: "1-of-2")] = Array(try report.json())
        try restore()
        // The pages' memory holds for these very files.
        _ = try Gallery.build(output: output)
        for path in try found() where files[path] == nil || path.hasPrefix("Output/gallery/") {
            guard let bytes = try? WholeFile.bytes(of: "\(root)/\(path)") else { continue }
            files[path] = bytes
            marks[path] = Mark("\(root)/\(path)")
        }
        for path in files.keys { marks[path] = Mark("\(root)/\(path)") }
    }

    static let log = "Output/.cache/logs/tiny~block_2_add~3.jsonl"

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Every file below, links and pipes among them, and empty folders.
    private func found() throws -> [String] {
        var found: [String] = []
        func walk(_ folder: String) throws {
            let names = try Folder.entries(of: "\(root)/\(folder)")
            for name in names {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                if Mark("\(root)/\(path)")?.kind == S_IFDIR { try walk(path) } else { found.append(path) }
            }
            if names.isEmpty { found.append(folder) }
        }
        try walk("")
        return found
    }

    /// Makes all as it was. Files that nobody has touched are left alone.
    func restore() throws {
        try Folder.make(root)
        // Folders that become empty by it go in the next round.
        while true {
            let others = try found().filter { files[$0] == nil && !$0.isEmpty }
            if others.isEmpty { break }
            for path in others { try FileManager.default.removeItem(atPath: "\(root)/\(path)") }
        }
        for (path, bytes) in files {
            let file = "\(root)/\(path)"
            if let mark = marks[path], mark == Mark(file) { continue }
            try put(bytes, path)
            // Nobody who has left something is alive.
            if path.hasPrefix("Output/.cache/processes/") || path.hasPrefix("Output/.cache/locks/") {
                age(path, 10_000)
            }
            marks[path] = Mark(file)
        }
    }

    func put(_ bytes: [UInt8], _ path: String) throws {
        let file = "\(root)/\(path)"
        try? FileManager.default.removeItem(atPath: file)
        let folder = (file as NSString).deletingLastPathComponent
        if let kind = Mark(folder)?.kind, kind != S_IFDIR { try? FileManager.default.removeItem(atPath: folder) }
        try Folder.make(folder)
        try WholeFile.overwrite(file, with: bytes)
    }

    /// Says when the file was last changed, in seconds before now.
    func age(_ path: String, _ seconds: Int) {
        var times = [timespec(), timespec()]
        let time = timespec(tv_sec: Int(Date().timeIntervalSince1970) - seconds, tv_nsec: 0)
        times = [time, time]
        utimensat(AT_FDCWD, "\(root)/\(path)", times, AT_SYMLINK_NOFOLLOW)
    }

    func remove(_ path: String) { try? FileManager.default.removeItem(atPath: "\(root)/\(path)") }

    /// Puts something that is no regular file in a file's place, and says what.
    func replace(_ path: String, _ random: inout FuzzRandom) throws -> String {
        let file = "\(root)/\(path)"
        remove(path)
        func link(to target: String) throws -> String {
            guard symlink(target, file) == 0 else { throw Fuzz.Finding("no link at \(file)") }
            return "a link to \(target)"
        }
        switch random.below(10) {
        case 9:
            try WholeFile.overwrite(file, with: [])
            return "an empty file"
        case 0:
            try Folder.make(file)
            return "an empty folder"
        case 1:
            try Folder.make(file)
            try WholeFile.overwrite("\(file)/notes.txt", with: Data("mine".utf8))
            return "a folder with notes"
        case 2: return try link(to: (file as NSString).lastPathComponent)
        case 3: return try link(to: "nowhere")
        case 4: return try link(to: "/dev/null")
        case 5: return try link(to: "/dev/zero")
        case 6: return try link(to: "\(root)/outside")
        case 7: return try link(to: "\(root)/outside/notes.txt")
        default:
            guard mkfifo(file, 0o666) == 0 else { throw Fuzz.Finding("no pipe at \(file)") }
            return "a pipe"
        }
    }

    /// The files that are not what they were, and new ones outside the output folder.
    func lost(but damaged: String, isRendered: Bool) throws -> [String] {
        var lost: [String] = []
        for (path, bytes) in files
        where path != damaged && !path.hasPrefix(damaged + "/") && !mayChange(path, isRendered) {
            let file = "\(root)/\(path)"
            if let mark = marks[path], mark == Mark(file) { continue }
            if (try? WholeFile.bytes(of: file)) != bytes { lost.append(path) }
        }
        // Where a folder leads outside, that is where it is written to.
        let isLed = (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/\(damaged)")) != nil
        for path in try found() where !path.hasPrefix("Output") && files[path] == nil && !path.isEmpty && !isLed {
            lost.append("new: \(path)")
        }
        if isLed {
            let written = ["/index.html", "/film.mp4", "/facets/01-a.png"]
            // A link in the place of a file that is for others means: write there. Nobody means one in the program's own.
            let isOwn = damaged.hasPrefix("Output/.cache/") || damaged == "Output/gallery/state.json"
            lost.removeAll { path in path == "outside/notes.txt" && !isOwn }
            lost.removeAll { path in path.hasPrefix("outside/") && written.contains { path.hasSuffix($0) } }
        }
        return lost.sorted()
    }

    /// Whether it is a file of the cache: `.cache/7e/<64 digits>.checkpoint`.
    static func isStage(_ path: String) -> Bool {
        path.hasPrefix("Output/.cache/")
            && ((path as NSString).lastPathComponent.split(separator: ".").first?.count == 64)
    }

    /// What the program writes anew whenever it likes.
    private func mayChange(_ path: String, _ isRendered: Bool) -> Bool {
        guard path.hasPrefix("Output/"), !path.hasSuffix("notes.txt"), path != "Output/3/index.html" else {
            return false
        }
        let isWritten =
            path.hasSuffix(".html") || path.hasPrefix("Output/gallery/") || path == "Output/report.json"
            || path == "Output/junit.xml" || path.hasPrefix("Output/.cache/locks/")
            || path.hasPrefix("Output/.cache/processes/") || path == OutputFixture.calibration
        let isOfRun =
            path.hasPrefix(OutputFixture.film + "/") || path.hasPrefix("Output/.cache/logs/")
            || Self.isStage(path) || path.hasPrefix("Output/.cache/plans/")
        return isWritten || (isRendered && isOfRun)
    }
}
