import Foundation
import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        ["nonsense"], ["render", "--nonsense"], ["render", "--jobs", "0"], ["render", "--jobs", "-1"],
        ["render", "--jobs", "2000"], ["render", "--jobs", "many"], ["render", "--jobs", "99999999999999999999"],
        ["render", "--progress", "purple"], ["render", "--only", "["], ["render", "--only", ""],
        ["render", "--batch", "7"], ["render", "--shard", "0/2", "--batch", "../7"],
        ["submit"], ["submit", "x.json", "--shards", "0"], ["submit", "x.json", "--cpus", "0"],
        ["submit", "x.json", "--time", "soon"], ["submit", "x.json", "--only", "["], ["status", "a", "b"],
        ["report", "a", "b"],
        ["render", "--shard", "2/2"], ["render", "--shard", "half"], ["render", "--time-budget", "soon"],
        ["render", "--time-budget", "0h"],
        ["render", "--cache-limit", "much"], ["cache", "a", "b"],
        ["validate"], ["expand"], ["expand", "a", "b"], ["probe"], ["probe", "--input", "x.png"],
        ["probe", "--input", "x.png", "--layer", "block_1_add", "--unit", "one"], ["layers", "extra"],
    ])
    func `wrong usage is exit code 64`(arguments: [String]) throws {
        let outcome = try Command.start(arguments, in: try Scratch()).wait()
        #expect(outcome.status == 64, "\(arguments): \(outcome)")
        #expect(outcome.messages.contains("Error: "), "\(outcome)")
        #expect(outcome.output.isEmpty)
    }

    @Test func `--version names the engine's revision and the processor it was built for`() throws {
        let outcome = try Command.run("--version", in: try Scratch())
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: /facetreel, engine revision [0-9]+, for (x86-64|arm64).*\n/) != nil)
    }

    @Test(.enabled(if: Command.hasWeights)) func `an output folder that is a file is refused by name`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "a.json")
        try scratch.write("", "taken")
        let outcome = try Command.run(
            "render", "a.json", "--output", "taken", in: scratch)
        #expect(outcome.status == 1)
        #expect(
            outcome.messages
                == "facetreel: error: taken: is a file, and no folder; name a folder, or move the file away\n")
    }

    /// The regression gate of a night stays shut for what is gone and for what nobody can read.
    @Test func `a comparison fails for films that are gone or cannot be read`() throws {
        let scratch = try Scratch()
        let film = #"{"engineRevision":"4","evaluations":9,"film":"a/b/1","measures":{"x":1},"seconds":1}"#
        try scratch.write(film + "\n", "old.jsonl")
        try scratch.write("", "empty.jsonl")
        try scratch.write("# no snapshot\n", "other.md")
        func status(_ arguments: String...) throws -> Int32 {
            try Command.start(["compare"] + arguments, in: scratch).wait().status
        }
        #expect(try status("old.jsonl", "old.jsonl", "--fail-on-regression") == 0)
        #expect(try status("old.jsonl", "empty.jsonl") == 0)
        #expect(try status("old.jsonl", "empty.jsonl", "--fail-on-regression") == 1)
        #expect(try status("old.jsonl", "other.md", "--fail-on-regression") == 2)
        #expect(try status("old.jsonl", "absent.jsonl") == 2)
        let outcome = try Command.start(["compare", "old.jsonl", "other.md"], in: scratch).wait()
        #expect(
            outcome.messages
                == "facetreel: error: other.md:1: holds no film's measures; this is no snapshot, which `compare --snapshot` writes\n"
        )
    }

    /// What people read and what pages are made from come of one run.
    @Test func `a comparison is printed and written at once`() throws {
        let scratch = try Scratch()
        for (name, value) in [("old", 0.9), ("new", 0.8)] {
            let measures = #"{"path 1 robustMinimum":\#(value)}"#
            try scratch.write(
                #"{"engineRevision":"4","evaluations":9,"film":"a/b/1","measures":\#(measures),"seconds":1}"# + "\n",
                "\(name).jsonl")
        }
        let arguments = ["compare", "old.jsonl", "new.jsonl"]
        let text = try Command.start(arguments + ["--report", "report.json"], in: scratch).wait()
        let json = try Command.start(arguments + ["--json"], in: scratch).wait()
        #expect(text.output.contains("worse  a/b/1\n    path 1 robustMinimum: 0.9 -> 0.8\n"), "\(text)")
        #expect(String(decoding: try scratch.read("report.json"), as: UTF8.self) == json.output)
        #expect(try Command.start(arguments + ["--report", "no/report.json"], in: scratch).wait().status == 1)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func `output that cannot be printed is an error`() throws {
        let scratch = try Scratch()
        let process = Command.process(["layers"], in: scratch)
        let messages = Pipe()
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        process.standardError = messages
        try process.run()
        let text = String(decoding: try messages.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(text == "facetreel: error: what was printed could not be written: No space left on device\n")
    }

    @Test func `layers lists every layer of the network in order`() throws {
        struct Entry: Decodable {
            var name: String
            var units: Int
            var stride: Int
        }
        let outcome = try Command.run("layers", "--json", in: try Scratch())
        #expect(outcome.status == 0)
        let entries = try JSONDecoder().decode([Entry].self, from: Data(outcome.output.utf8))
        // METHODS "Network and weights": 17 projections with 1,504 units, ten additions.
        let projections = entries.filter { $0.name.hasSuffix("_project_BN") }
        #expect(projections.count == 17)
        #expect(projections.reduce(0) { $0 + $1.units } == 1504)
        #expect(entries.filter { $0.name.hasSuffix("_add") }.count == 10)
        #expect(entries.first?.name == "Conv1" && entries.contains { $0.name == "Conv1_relu" })
        #expect(entries.last?.name == "out_relu")
        #expect(entries.last?.stride == 32)

        let table = try Command.run("layers", in: try Scratch())
        #expect(table.output.split(separator: "\n").count == entries.count + 1, "\(table)")
    }

    @Test func `schema prints a JSON object`() throws {
        let outcome = try Command.run("schema", in: try Scratch())
        #expect(outcome.status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] != nil, "\(outcome)")
    }
}
