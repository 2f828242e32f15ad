import Disk
import Foundation
import Testing

@testable import Records

/// One night beside the next.
@Suite struct SnapshotComparisonTests {
    private func record(
        activation: Double = 4, robust: Double? = 0.96, step: Double = 1.1, verdict: String = "null"
    ) -> String {
        let ratio = robust.map { "\($0)" } ?? "null"
        return """
            { "engineRevision": "9", "verdict": \(verdict), "frames": [{ "whatever": 1 }], "timing": { "total": 12.5, "workers": 2 },
              "facets": [{ "name": "a", "activation": \(activation), "robustActivation": 3.5, "evaluations": 10 }],
              "bands": [{ "evaluations": 100, "minimumRatio": 0.99, "robustMinimum": \(ratio),
                          "contrastMinimum": 0.98, "featureStepRatio": \(step), "flicker": 0.2 }] }
            """
    }

    private func output(_ films: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "facetreel-snapshot-\(UInt64.random(in: 0...UInt64.max))")
        for (name, text) in films {
            let film = folder.appending(path: name)
            try FileManager.default.createDirectory(at: film, withIntermediateDirectories: true)
            try text.write(to: film.appending(path: "film.json"), atomically: true, encoding: .utf8)
        }
        return folder
    }

    @Test func `a film json that is no file is named with the reason, and nobody waits for a pipe's other end`() throws
    {
        let folder = try output(["n/l/1": record(), "n/l/2": record(), "n/l/3": record()])
        defer { try? FileManager.default.removeItem(at: folder) }
        func replace(_ unit: Int, _ make: (String) throws -> Void) throws {
            let path = folder.appending(path: "n/l/\(unit)/film.json").path
            try FileManager.default.removeItem(atPath: path)
            try make(path)
        }
        try replace(2) { try #require(mkfifo($0, 0o600) == 0) }
        try replace(3) { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: false) }
        let snapshot = try MeasureSnapshot(folder.path)
        #expect(snapshot.films.keys.sorted() == ["n/l/1"])
        let reasons = snapshot.unreadable.map { $0.dropFirst(folder.path.count + 1) }
        #expect(reasons.count == 2 && reasons[0].hasPrefix("n/l/2/film.json: is no regular file"), "\(reasons)")
        #expect(reasons.last?.hasPrefix("n/l/3/film.json: ") == true, "\(reasons)")
    }

    @Test func `a snapshot can come through a pipe`() throws {
        let folder = try output(["n/l/1": record()])
        defer { try? FileManager.default.removeItem(at: folder) }
        let (file, pipe) = (folder.appending(path: "measures").path, folder.appending(path: "pipe").path)
        let written = try MeasureSnapshot(folder.path)
        try written.write(to: file)
        try #require(mkfifo(pipe, 0o600) == 0)
        let writer = Process()
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", "cat \"$1\" > \"$2\"", "sh", file, pipe]
        try writer.run()
        #expect(try MeasureSnapshot(pipe).films == written.films)
        writer.waitUntilExit()
    }

    @Test func `a snapshot holds what the films say and is read back the same`() throws {
        let folder = try output(["n/block_1_add/2": record(), "n/block_1_add/10": record(robust: nil), "n/l/3": "{"])
        defer { try? FileManager.default.removeItem(at: folder) }
        let snapshot = try MeasureSnapshot(folder.path)
        #expect(snapshot.films.keys.sorted() == ["n/block_1_add/10", "n/block_1_add/2"])
        #expect(snapshot.unreadable.count == 1 && snapshot.unreadable[0].contains("n/l/3"), "\(snapshot.unreadable)")
        let film = try #require(snapshot.films["n/block_1_add/2"])
        #expect(film.evaluations == 110 && film.seconds == 12.5 && film.measures.count == 7, "\(film)")
        #expect(snapshot.films["n/block_1_add/10"]?.measures["path 1 robustMinimum"] == nil)
        let file = folder.appending(path: "measures.jsonl")
        try snapshot.write(to: file.path)
        #expect(try MeasureSnapshot(file.path).films == snapshot.films)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 2)
        // A line that a full disk has cut is named, the others count.
        try String(text.dropLast(20)).write(to: file, atomically: true, encoding: .utf8)
        let cut = try MeasureSnapshot(file.path)
        #expect(cut.films.count == 1 && cut.unreadable.count == 1 && cut.unreadable[0].contains(":2:"))
        #expect(throws: SnapshotError.self) { try MeasureSnapshot(folder.path + "/none") }
    }

    @Test func `what has changed is named, the worst first`() throws {
        let old = try output([
            "n/l/1": record(), "n/l/2": record(), "n/l/3": record(), "n/l/4": record(), "n/l/5": record(),
        ])
        let new = try output([
            "n/l/1": record(activation: 4.05), "n/l/2": record(robust: 0.9), "n/l/3": record(activation: 3, step: 1.5),
            "n/l/4": record(step: 1.0), "n/l/6": record(),
        ])
        defer { for folder in [old, new] { try? FileManager.default.removeItem(at: folder) } }
        let comparison = SnapshotComparison(old: try MeasureSnapshot(old.path), new: try MeasureSnapshot(new.path))
        #expect(comparison.compared == 4 && comparison.new == ["n/l/6"] && comparison.gone == ["n/l/5"])
        #expect(comparison.changed.map(\.film) == ["n/l/3", "n/l/2", "n/l/4"], "\(comparison.changed)")
        #expect(comparison.regressions.map(\.film) == ["n/l/3", "n/l/2"])
        #expect(comparison.changed[0].changes.map(\.measure) == ["path 1 featureStepRatio", "facet 1 activation"])
        let text = comparison.text
        #expect(
            text.hasPrefix("4 films in both, 2 worse, 1 better\nworse  n/l/3\n    path 1 featureStepRatio: 1.1 -> 1.5"),
            "\(text)")
        let loose = SnapshotComparison(
            old: try MeasureSnapshot(old.path), new: try MeasureSnapshot(new.path), tolerance: 0.5)
        #expect(loose.changed.isEmpty)
        #expect(try JSONDecoder().decode(SnapshotComparison.self, from: comparison.stableJSON()) == comparison)
    }

    @Test func `films that were good and are not any more are named, and the other way round`() throws {
        let (good, bad) = ("{}", #"{"shortfalls": [{"path": 1, "measure": "flicker"}]}"#)
        let old = try output([
            "n/l/1": record(verdict: good), "n/l/2": record(verdict: bad), "n/l/3": record(),
            "n/l/4": record(verdict: bad),
        ])
        let new = try output([
            "n/l/1": record(verdict: bad), "n/l/2": record(verdict: good), "n/l/3": record(verdict: bad),
            "n/l/4": record(verdict: bad),
        ])
        defer { for folder in [old, new] { try? FileManager.default.removeItem(at: folder) } }
        let before = try MeasureSnapshot(old.path)
        let comparison = SnapshotComparison(old: before, new: try MeasureSnapshot(new.path))
        #expect(comparison.newlyFlagged == ["n/l/1"] && comparison.noLongerFlagged == ["n/l/2"])
        #expect(comparison.text.contains("newly flagged: n/l/1\nno longer flagged: n/l/2\n"), "\(comparison.text)")
        let file = old.appending(path: "measures.jsonl")
        try before.write(to: file.path)
        #expect(try MeasureSnapshot(file.path).films == before.films)
    }

    /// What the table says of a measure decides, wherever it is compared.
    @Test(arguments: Measure.all.filter { $0.places.contains(.comparison) })
    func `a measure moves for the worse in its own direction, by its own tolerance`(measure: Measure) throws {
        func snapshot(_ value: Double) throws -> MeasureSnapshot {
            let file = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString).jsonl")
            defer { try? FileManager.default.removeItem(at: file) }
            let line = """
                {"film": "n/l/1", "measures": {"path 1 \(measure.key.rawValue)": \(value)}, "evaluations": 1, \
                "seconds": 1, "engineRevision": "1"}
                """
            try Data(line.utf8).write(to: file)
            return try MeasureSnapshot(file.path)
        }
        let risen = SnapshotComparison(old: try snapshot(10), new: try snapshot(10.1), tolerance: 0.02)
        // One percent of it, and five tolerances as it is.
        #expect(risen.changed.isEmpty == (measure.tolerance == .relative), "\(risen)")
        let doubled = SnapshotComparison(old: try snapshot(10), new: try snapshot(20), tolerance: 0.02)
        #expect(doubled.regressions.isEmpty == (measure.better == .higher), "\(doubled)")
    }

    @Test func `a comparison that anybody may have written is told without a trap`() throws {
        let text = """
            {"tolerance": 0.02, "compared": -1, "new": [], "gone": [], "evaluations": {"old": 1, "new": 2},
             "seconds": {"old": -1e300, "new": 1e300},
             "changed": [{"film": "x", "changes": [{"measure": "m", "old": 1e308, "new": -1e308, "worse": 1e308}]}]}
            """
        let comparison = try JSONDecoder().decode(SnapshotComparison.self, from: Data(text.utf8))
        #expect(
            comparison.text.hasPrefix("-1 films in both, 1 worse, 0 better\nworse  x\n    m: "), "\(comparison.text)")
    }

    /// E.g. the ratio of a path whose end no longer activates the unit: worse than any fall.
    @Test func `what can no longer be measured is a regression`() throws {
        let (old, new) = (try output(["n/l/1": record()]), try output(["n/l/1": record(robust: nil)]))
        defer { for folder in [old, new] { try? FileManager.default.removeItem(at: folder) } }
        let comparison = SnapshotComparison(old: try MeasureSnapshot(old.path), new: try MeasureSnapshot(new.path))
        #expect(comparison.regressions.map(\.film) == ["n/l/1"])
        #expect(comparison.text.contains("path 1 robustMinimum: 0.96 -> none"), "\(comparison.text)")
        let back = SnapshotComparison(old: try MeasureSnapshot(new.path), new: try MeasureSnapshot(old.path))
        #expect(back.changed.isEmpty, "what is new is no change for the worse")
    }

    @Test(arguments: [
        (#""total": 12.5"#, #""total": 1e300"#), (#""total": 12.5"#, #""total": -1"#),
        (#""evaluations": 100"#, #""evaluations": 9223372036854775807"#),
        (#""evaluations": 100"#, #""evaluations": -1"#), (#""activation": 4.0"#, #""activation": 1e300"#),
    ]) func `numbers that no film has are refused`(part: String, other: String) throws {
        let text = record().replacingOccurrences(of: part, with: other)
        #expect(text != record(), "the record has \(part)")
        let folder = try output(["n/l/1": text, "n/l/2": record()])
        defer { try? FileManager.default.removeItem(at: folder) }
        let snapshot = try MeasureSnapshot(folder.path)
        #expect(snapshot.films.count == 1 && snapshot.unreadable.count == 1, "\(snapshot.unreadable)")
        #expect(!SnapshotComparison(old: snapshot, new: snapshot).text.isEmpty)
    }

    @Test func `a film of a class is named with its label`() throws {
        let folders = try [0.96, 0.5].map { robust in
            try output([
                "birds/classifier/11": record(robust: robust).replacing(
                    "{ \"engineRevision\"", with: "{ \"class\": \"goldfinch\", \"engineRevision\"", maxReplacements: 1)
            ])
        }
        defer { for folder in folders { try? FileManager.default.removeItem(at: folder) } }
        let snapshots = try folders.map { try MeasureSnapshot($0.path) }
        let comparison = SnapshotComparison(old: snapshots[0], new: snapshots[1])
        #expect(comparison.text.contains("worse  birds/classifier/11 (goldfinch)\n"), "\(comparison.text)")
        #expect(
            try JSONDecoder().decode(
                FilmMeasures.self, from: #require(snapshots[0].films["birds/classifier/11"]).stableJSON()
            ).label == "goldfinch")
    }
}
