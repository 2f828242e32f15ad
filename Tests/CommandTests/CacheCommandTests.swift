import Foundation
import Testing

/// What is rendered again and what is not, as users see it.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct CacheCommandTests {
    private static let folder = "Output/tiny/block_2_add/3"

    private func render(_ arguments: String..., in scratch: Scratch) throws -> Command.Outcome {
        try Command.start(["render", "tiny.json"] + arguments, in: scratch).wait()
    }

    @Test func `a dry run says what would be rendered and why, and renders nothing`() throws {
        let scratch = try Scratch()
        let units = Manifests.tiny().replacingOccurrences(of: "\"unit\": 3", with: "\"units\": \"3-4\"")
        try scratch.write(units, "tiny.json")
        let first = try render("--dry-run", in: scratch)
        #expect(first.status == 0)
        #expect(
            first.output.hasPrefix(
                """
                render  tiny/block_2_add/3  (never rendered)
                render  tiny/block_2_add/4  (never rendered)
                2 to render, 0 up to date
                about 
                """), "\(first)")
        #expect(first.output.contains(" of one core, "), "\(first)")
        #expect(scratch.entries() == ["tiny.json"])

        #expect(try render("--only", "tiny/*/3", in: scratch).status == 0)
        let half = try render("--dry-run", "--progress", "json", in: scratch)
        #expect(
            half.output.hasPrefix(
                """
                {"action":"upToDate","reel":"tiny/block_2_add/3"}
                {"action":"render","reason":"never rendered","reel":"tiny/block_2_add/4"}
                {"coreSeconds":
                """), "\(half)")
        #expect(half.output.contains(#""render":1,"upToDate":1,"#), "\(half)")
        try scratch.write(units.replacingOccurrences(of: "\"pivots\": 3", with: "\"pivots\": 4"), "tiny.json")
        let changed = try render("--dry-run", "--only", "tiny/*/3", in: scratch)
        #expect(changed.output.contains("render  tiny/block_2_add/3  (manifest changed: /neb/pivots)"), "\(changed)")
        let forced = try render("--dry-run", "--force", in: scratch)
        #expect(forced.output.contains("render  tiny/block_2_add/3  (forced)"), "\(forced)")
    }

    @Test func `a film that is up to date is not rendered again, a damaged one is`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        #expect(try render(in: scratch).status == 0)
        let record = try scratch.read("\(Self.folder)/film.json")
        // As a kill right after the last rename leaves it.
        try scratch.write("half", "\(Self.folder)/.partial-dead/film.mp4")
        let again = try render(in: scratch)
        #expect(again.status == 0 && again.output == "\(Self.folder)/film.mp4\n", "\(again)")
        #expect(again.messages.contains("1 up to date in "), "\(again)")
        #expect(try scratch.read("\(Self.folder)/film.json") == record, "not even its timing has changed")
        #expect(!scratch.entries().contains { $0.contains("partial") }, "\(scratch.entries())")

        let film = try scratch.read("\(Self.folder)/film.mp4")
        try scratch.write("", "\(Self.folder)/film.mp4")
        let mended = try render(in: scratch)
        #expect(mended.status == 0 && !mended.messages.contains("up to date"), "\(mended)")
        #expect(try scratch.read("\(Self.folder)/film.mp4") == film)
    }

    @Test func `a film that fails leaves no empty folders`() throws {
        let scratch = try Scratch()
        // A dead unit.
        let layer = "block_1_depthwise_relu"
        try scratch.write(
            Manifests.tiny(name: "bad", layer: layer, unit: 8).replacingOccurrences(
                of: #"{ "name": "naive", "steps": 6 }"#, with: #"{ "name": "naive", "steps": 20 }"#), "tiny.json")
        let outcome = try render(in: scratch)
        #expect(outcome.status == 1 && outcome.messages.contains("facet naive"), "\(outcome)")
        // Its log stays.
        #expect(scratch.entries().filter { $0.contains("bad") } == ["Output/.cache/logs/bad~\(layer)~8.jsonl"])
    }

    @Test func `the cache says what it holds, and can be checked and pruned`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        #expect(try render(in: scratch).status == 0)
        let all = try Command.run("cache", in: scratch)
        #expect(all.status == 0 && all.output.hasPrefix("Output/.cache: 7 results, 0 checkpoints, "), "\(all)")
        #expect(try Command.run("cache", "--verify", in: scratch).output.hasPrefix("0 damaged and removed\n"))

        let entry = try #require(scratch.entries().first { $0.hasSuffix(".safetensors") })
        var bytes = try scratch.read(entry)
        bytes[bytes.count / 2] ^= 8
        try scratch.write(bytes, entry)
        let verified = try Command.run("cache", "Output", "--verify", in: scratch)
        #expect(verified.status == 1 && verified.output.contains("1 damaged and removed\n"), "\(verified)")
        #expect(verified.output.contains(": 6 results, "), "\(verified)")
        #expect(verified.messages.contains(entry), "\(verified)")
        for age in ["1d", "1h30m"] {
            #expect(try Command.run("cache", "--prune", age, in: scratch).output.contains("removed: 0 results"))
        }
        let pruned = try Command.run("cache", "--prune", "0", in: scratch)
        #expect(pruned.output.contains("removed: 6 results, 0 checkpoints, "), "\(pruned)")
        #expect(pruned.output.hasSuffix("Output/.cache: 0 results, 0 checkpoints, 0 bytes\n"), "\(pruned)")

        for wrong in ["", "x", "-1", "1y", "99999999999999999999", "1.5G", "9999999999T"] {
            let outcome = try Command.run("cache", "--prune=\(wrong)", in: scratch)
            #expect(outcome.status == 64, "\(wrong): \(outcome)")
        }
        #expect(try Command.run("cache", "nowhere", in: scratch).status == 2)
    }

    @Test func `a small limit keeps the cache small`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        #expect(try render("--cache-limit", "100K", in: scratch).status == 0)
        let size = scratch.entries().filter { $0.hasSuffix(".safetensors") }
            .reduce(0) { $0 + ((try? scratch.read($1).count) ?? 0) }
        #expect(size > 0 && size <= 100 << 10, "\(size) bytes")
    }
}
