import ConvNet
import Disk
import FeatureVisualization
import Foundation
import Gallery
import Inspection
import JSON
import JobManifest
import Records
import Testing

@testable import Cluster
@testable import Measurement
@testable import Pipeline
@testable import PipelineSupport
@testable import facetreel

/// Whatever lies in an output folder, the commands say what it is or what is wrong with it, the next run makes the film
/// as if nothing had been there, and nothing that is somebody else's is lost.
@Suite(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct OutputFuzzTests {
    enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case film, result, checkpoint, claim, lock, presence, plan, report, batchReport, log
        case calibration, pages, regressions, snapshot, folder

        var testDescription: String { rawValue }

        func isOne(_ path: String) -> Bool {
            switch self {
            case .film: path == "\(OutputFixture.film)/film.json"
            case .result: WorkingCopy.isStage(path) && path.hasSuffix(".safetensors")
            case .checkpoint: WorkingCopy.isStage(path) && path.hasSuffix(".checkpoint")
            case .claim: path.hasSuffix("/tiny~block_2_add~3.owner")
            case .lock: path.hasSuffix("/tiny~block_2_add~3.lock")
            case .presence: path.hasPrefix("Output/.cache/processes/")
            case .plan: path.hasPrefix("Output/.cache/plans/") && path.hasSuffix(".json")
            case .report: path == "Output/report.json"
            case .batchReport: path.hasPrefix("Output/.cache/batches/night/")
            case .log: path == WorkingCopy.log
            case .calibration: path == OutputFixture.calibration
            case .pages: path == "Output/gallery/state.json"
            case .regressions: path == "Output/regressions.json"
            case .snapshot: path == "Output/monday.jsonl"
            case .folder: false
            }
        }
    }

    @Test(arguments: Kind.allCases.filter { [nil, $0.rawValue].contains(Fuzz.kind) })
    func `damage to any file of an output folder costs nothing else`(_ kind: Kind) throws {
        let fixture = try OutputFixture.shared.get()
        let copy = try WorkingCopy(fixture)
        let paths = kind == .folder ? Self.folders(of: copy) : copy.files.keys.filter(kind.isOne).sorted()
        try #require(!paths.isEmpty)
        let readers = try Readers(fixture, copy)
        let before = try film(copy)
        var (renders, forged) = (0, 0)
        Fuzz.run("output \(kind)", short: kind == .folder ? 10 : 30, long: kind == .folder ? 2000 : 10_000) {
            number, random in
            try copy.restore()
            var path = random.pick(paths)
            var original = copy.files[path] ?? []
            if kind == .checkpoint { (path, original) = random.pick(fixture.checkpoints) }
            var isWhole = kind == .folder || number % 50 == 19

            // The damage.
            var (what, isForged, isReplaced) = ("", false, false)
            if kind == .folder || random.isOne(in: 12) {
                what = try copy.replace(path, &random)
                isReplaced = true
                isWhole = isWhole || random.isOne(in: 4)
            } else {
                let (bytes, isOurs) = try Self.damaged(original, path, kind, copy.others, &random)
                (what, isForged) = ("\(bytes.count) bytes", isOurs)
                forged += isForged ? 1 : 0
                try copy.put(bytes, path)
            }
            // A process that died long ago has left it, or a clock was wrong.
            let age = random.pick([0, 400, 100_000, 100_000_000, -100_000])
            if kind != .folder { copy.age(path, isWhole ? max(age, 400) : age) }

            // Everybody who reads it.
            try readers.read(kind, path)
            var lost = try copy.lost(but: path, isRendered: false)
            guard lost.isEmpty else { throw Fuzz.Finding("\(path), \(what): lost \(lost)") }

            // A whole run.
            guard isWhole || (isForged && kind == .checkpoint && random.isOne(in: 10)) else { return }
            renders += 1
            if kind != .film { copy.remove("\(OutputFixture.film)/film.json") }
            if kind == .checkpoint {
                for path in copy.files.keys where Kind.result.isOne(path) { copy.remove(path) }
            }
            let session = try OutputFixture.session(
                fixture.reel, copy.output, stop: StopSignal(deadline: Deadline(after: 30)))
            let counts = session.render().counts
            lost = try copy.lost(but: path, isRendered: true)
            guard lost.isEmpty else { throw Fuzz.Finding("\(path), \(what): the run lost \(lost)") }
            // Numbers that nobody can have written, or no folder to write to: then an error is an answer.
            if counts.failed == 1, isForged || kind == .folder || isReplaced { return }
            guard counts.rendered + counts.upToDate == 1 else {
                throw Fuzz.Finding("\(path), \(what): no film: \(counts)")
            }
            // What of film.json no digest stands for is not looked at.
            if kind == .film, counts.upToDate == 1 { try copy.put(copy.files[path] ?? [], path) }
            guard try film(copy) == before || isForged else { throw Fuzz.Finding("\(path), \(what): another film") }
        }
        print("\(kind): \(renders) whole runs, \(forged) forged files")
    }

    /// The folders in which the program writes.
    private static func folders(of copy: WorkingCopy) -> [String] {
        let above = copy.files.keys.filter { $0.hasPrefix("Output/.cache/") || $0.hasPrefix(OutputFixture.film + "/") }
            .flatMap { path -> [String] in
                let parts = path.split(separator: "/")
                return (2..<parts.count).map { parts.prefix($0).joined(separator: "/") }
            }
        return (Set(above).union(["Output/gallery"])).sorted()
    }

    /// Damage of any kind; of files with a digest half have it right, so that what they hold is read.
    private static func damaged(
        _ bytes: [UInt8], _ path: String, _ kind: Kind, _ others: [[UInt8]], _ random: inout FuzzRandom
    ) throws -> (bytes: [UInt8], isForged: Bool) {
        switch kind {
        case .result, .checkpoint:
            guard random.isOne(in: 2) else { return (Damage.damaged(bytes, others: [bytes], &random), false) }
            return (try forged(bytes, path, &random), true)
        case .log, .snapshot, .lock: return (Damage.damaged(bytes, others: others, &random), false)
        default:
            guard random.isOne(in: 3), let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
                return (Damage.damaged(bytes, others: others, &random), false)
            }
            return (JSONDamage().damaged(value, &random), false)
        }
    }

    /// A whole file of the cache that holds something else.
    private static func forged(_ bytes: [UInt8], _ path: String, _ random: inout FuzzRandom) throws -> [UInt8] {
        let key = String((path as NSString).lastPathComponent.prefix(64))
        let file = NSTemporaryDirectory() + "facetreel-fuzz-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(file) }
        try WholeFile.overwrite(file, with: bytes)
        let record = try StageFile.read(file, key: key)
        var (state, tensors) = (record.state, record.tensors)
        if random.isOne(in: 4), let name = tensors.keys.sorted().randomElement(using: &random) {
            switch (random.below(4), tensors[name]) {
            case (0, _): tensors[name] = nil
            case (1, .floats(let tensor)?) where !tensor.values.isEmpty:
                var values = tensor.values
                values[random.below(values.count)] = random.pick([
                    .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e20, 0,
                    .leastNonzeroMagnitude,
                ])
                tensors[name] = .floats(Tensor(shape: tensor.shape, values: values))
            case (2, .floats(let tensor)?):
                tensors[name] = .floats(Tensor(shape: [tensor.values.count, 1], values: tensor.values))
            default:
                tensors[random.pick(tensors.keys.sorted())] = .bytes(ByteTensor(shape: [2], values: [1, 2]))
            }
        } else {
            let value = try JSONDecoder().decode(JSONValue.self, from: state)
            state = Data(JSONDamage().damaged(value, &random))
        }
        var written: [UInt8] = []
        try StageFile.write(StageRecord(state: state, tensors: tensors), key: key) { written += $0 }
        return written
    }

    /// The film of the reel as it lies there.
    private func film(_ copy: WorkingCopy) throws -> Rendering.Film {
        let folder = "\(copy.root)/\(OutputFixture.film)"
        var record = try JSONDecoder().decode(
            FilmRecord.self, from: WholeFile.contents(of: "\(folder)/film.json"))
        record.timing = FilmRecord.Timing(facets: 0, bands: 0, film: 0, total: 0, workers: 0)
        var files: [String: Data] = [:]
        for path in ["film.mp4", "poster.png"] + record.outputs.map(\.path) where path != "film.json" {
            files[path] = try WholeFile.contents(of: "\(folder)/\(path)")
        }
        return Rendering.Film(record: record, files: files)
    }
}
