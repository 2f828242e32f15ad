import Film
import Foundation
import Testing

/// `facetreel examples`: what it prints, and how it ends.
@Suite(.enabled(if: Command.hasWeights, "the default network is not there; `make weights` makes it"))
struct ExamplesCommandTests {
    private static let layer = ["--layers", "block_2_add"]

    private func folder(_ count: Int) throws -> Scratch {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/photos", withIntermediateDirectories: true)
        for index in 0..<count {
            var picture = Bitmap(
                width: 48, height: 40, color: (UInt8(index * 31 % 256), 90, UInt8(truncatingIfNeeded: index)))
            picture.draw(
                Bitmap(width: 9 + index % 30, height: 8, color: (250, UInt8(index * 7 % 256), 0)), x: 3, y: 5)
            try PNG.write(picture, to: "\(scratch.path)/photos/\(1000 + index).png")
        }
        return scratch
    }

    private func run(_ arguments: [String], in scratch: Scratch) throws -> Command.Outcome {
        try Command.start(["examples", "--pictures", "photos"] + arguments, in: scratch).wait()
    }

    private struct Summary: Decodable {
        struct Skipped: Decodable {
            var path: String
            var reason: String
            var isTransient: Bool
        }

        var record: String
        var activations: String
        var pictures: Int
        var skipped: [Skipped]
        var layers: [String]
        var units: Int
        var lookedAt: Int
        var seconds: Double
        var picturesPerSecond: Double?
    }

    @Test func `it prints where the record is, or a JSON object about it`() throws {
        let scratch = try folder(6)
        try scratch.write("hello", "photos/a.txt")
        let first = try run(Self.layer, in: scratch)
        #expect(first.status == 0, "\(first)")
        #expect(first.output.hasSuffix("/examples.json\n") && first.output.split(separator: "\n").count == 1)
        #expect(first.messages.contains("skipped: a.txt: is no picture that can be read\n"), "\(first)")
        #expect(first.messages.contains("6 pictures, 1 skipped; 24 units of block_2_add, "), "\(first)")
        let second = try run(["--json", "--progress", "off"] + Self.layer, in: scratch)
        #expect(second.status == 0 && second.messages.isEmpty, "\(second)")
        let summary = try JSONDecoder().decode(Summary.self, from: Data(second.output.utf8))
        #expect(summary.record + "\n" == first.output && summary.lookedAt == 0 && summary.picturesPerSecond == nil)
        #expect(summary.pictures == 6 && summary.units == 24 && summary.layers == ["block_2_add"])
        #expect(summary.skipped.map(\.path) == ["a.txt"])
        #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/\(summary.activations)"))
    }

    @Test func `without layers it takes those of the projection, in the network's order`() throws {
        let scratch = try folder(2)
        let outcome = try run(["--json", "--output", "elsewhere"], in: scratch)
        let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
        #expect(summary.layers.first == "expanded_conv_project_BN" && summary.layers.count == 17)
        #expect(summary.units == 1504 && summary.record.hasPrefix("elsewhere/.cache/examples/"))
        let other = try run(
            ["--json", "--layers", "block_4_add", "block_[", "block_2*_BN", "--jobs", "1"], in: scratch)
        #expect(other.status == 2 && other.messages.contains("--layers block_[: no layer"), "\(other)")
        let named = try run(["--json", "--layers", "block_4_add", "block_2_proj*_BN", "block_2_add"], in: scratch)
        #expect(
            try JSONDecoder().decode(Summary.self, from: Data(named.output.utf8)).layers == [
                "block_2_project_BN", "block_2_add", "block_4_add",
            ])
    }

    @Test func `what is not there, and where nothing is, is status 2`() throws {
        let scratch = try folder(0)
        let empty = try run([], in: scratch)
        #expect(empty.status == 2 && empty.messages.contains("photos: has no file in it"), "\(empty)")
        let missing = try Command.run("examples", "--pictures", "none", in: scratch)
        #expect(missing.status == 2 && missing.messages.contains("none"), "\(missing)")
        let network = try run(["--network", "none"], in: scratch)
        #expect(network.status == 2, "\(network)")
        #expect(try Command.run("examples", in: scratch).status == 64)
        #expect(try run(["--jobs", "0"], in: scratch).status == 64)
    }

    @Test func `a part that may not be read is named, and makes status 1`() throws {
        let scratch = try folder(3)
        guard let user = try OrdinaryUser(in: scratch) else { return }
        try scratch.write("x", "photos/closed/a.png")
        chmod("\(scratch.path)/photos/closed", 0)
        chmod("\(scratch.path)/photos/1001.png", 0)
        defer { chmod("\(scratch.path)/photos/closed", 0o700) }
        let outcome = try user.run(
            #"exec "$facetreel" examples --pictures photos --layers block_2_add"#, in: scratch)
        // Files that root has made are root's, and so is what they allow.
        #expect(outcome.status == 1, "\(outcome)")
        for name in ["closed", "1001.png"] {
            #expect(
                outcome.messages.contains("skipped: \(name): cannot be opened: Permission denied\n"), "\(outcome)")
        }
        #expect(outcome.messages.contains("2 pictures, 2 skipped"), "\(outcome)")
    }

    /// The bytes of both files of a record.
    private func bytes(_ outcome: Command.Outcome, _ scratch: Scratch) throws -> [Data] {
        let record = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        return try [record, record.replacing("examples.json", with: "activations.safetensors")].map(scratch.read)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
    func `after a signal it goes on where it was`(signal: Int32) throws {
        let scratch = try folder(400)
        let arguments = ["--layers", "block_16_project_BN", "--jobs", "1"]
        let whole = try run(arguments + ["--output", "whole"], in: scratch)
        #expect(whole.status == 0, "\(whole)")
        let running = try Command.start(
            ["examples", "--pictures", "photos", "--checkpoint-interval", "0"] + arguments, in: scratch)
        let all = "\(scratch.path)/Output/.cache/examples"
        for _ in 0..<4000 where running.process.isRunning {
            let keys = (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? []
            if keys.contains(where: { FileManager.default.fileExists(atPath: "\(all)/\($0)/checkpoint") }) { break }
            usleep(2_000)
        }
        kill(running.process.processIdentifier, signal)
        let stopped = running.wait()
        #expect(stopped.status == (signal == SIGKILL ? -SIGKILL : 128 + signal), "\(stopped)")
        let left = scratch.entries().filter { $0.hasPrefix("Output/") }
        #expect(!left.contains { $0.hasSuffix("examples.json") || $0.hasSuffix(".safetensors") }, "\(left)")
        let after = try run(arguments + ["--json"], in: scratch)
        let summary = try JSONDecoder().decode(Summary.self, from: Data(after.output.utf8))
        #expect(after.status == 0 && (1..<400).contains(summary.lookedAt), "\(after)")
        let again = try run(arguments, in: scratch)
        #expect(try bytes(again, scratch) == bytes(whole, scratch))
        #expect(!scratch.entries().contains { $0.contains(".partial-") || $0.hasSuffix(".lock") })
    }
}
