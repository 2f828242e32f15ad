import Foundation
import Testing

/// What went wrong is told once, and it is the right thing.
@Suite struct ReasonTests {
    /// A folder in which one of two films cannot be made: a file has the name of its folder.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(2), "tiny.json")
        try scratch.write("in the way", "Output/tiny/block_2_add/0")
        return scratch
    }

    private func expectOnce(_ messages: String, _ style: String) {
        #expect(messages.components(separatedBy: "is a file, and no folder").count == 2, "\(style): \(messages)")
        #expect(messages.contains("tiny/block_2_add/0"), "\(style): \(messages)")
    }

    @Test(
        .enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"),
        arguments: ["plain", "off", "json"])
    func `why a film failed is said once`(style: String) throws {
        let outcome = try Command.run(
            "render", "tiny.json", "--progress", style, in: try folder())
        #expect(outcome.status == 1 && outcome.output == "Output/tiny/block_2_add/1/film.mp4\n", "\(outcome)")
        expectOnce(outcome.messages, style)
        #expect(!outcome.messages.contains("check that the output folder is writable"), "\(outcome)")
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `on a terminal, too, why a film failed is said once`() throws {
        guard let terminal = try? PseudoTerminal(columns: 200, rows: 24) else {
            return print("skipped: this system gives the test no pseudo-terminal")
        }
        let scratch = try folder()
        let process = Command.process(
            ["render", "tiny.json"], in: scratch, environment: ["TERM": "xterm"])
        process.standardOutput = FileHandle.nullDevice
        expectOnce(try terminal.messages(of: process), "bars")
        #expect(process.terminationStatus == 1)
    }

    @Test(arguments: [
        ("render --jobs -1", "--jobs -1: expected 1 to 1024"), ("render --jobs 0", "--jobs 0: expected 1 to 1024"),
        ("submit tiny.json --shards -5", "--shards -5: expected 1 to "),
        ("submit tiny.json --cpus -5", "--cpus -5: expected 1 to 1024"),
        ("cache --prune -1", "'-1'"), ("render --time-budget -1h", "-1h"), ("render --shard -1/2", "-1/2"),
        ("compare a b --tolerance -1", "--tolerance must be 0 or more"),
    ])
    func `a number out of range is told its range`(arguments: String, message: String) throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let outcome = try Shell.run(#""$facetreel" \#(arguments)"#, in: scratch)
        #expect(outcome.status == 64 && outcome.messages.contains(message), "\(outcome)")
        #expect(!outcome.messages.contains("Missing value"), "\(outcome)")
    }

    @Test func `a manifest may come from a pipe`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        // Longer than a pipe takes at once, and with a writer that pauses.
        let outcome = try Shell.run(
            """
            "$facetreel" validate <(cat tiny.json) && "$facetreel" validate /dev/stdin < tiny.json \
                && "$facetreel" validate <(sleep 0.2; head -c 5 tiny.json; sleep 0.2; tail -c +6 tiny.json; printf '%99999s') \
                && mkfifo pipe && { cat tiny.json > pipe & "$facetreel" validate pipe; }
            """, in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let broken = try Shell.run(#""$facetreel" validate <(echo '{') < /dev/null"#, in: scratch)
        #expect(broken.status == 2 && broken.messages.contains("/dev/fd/"), "\(broken)")
    }
}
