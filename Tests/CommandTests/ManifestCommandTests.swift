import Foundation
import Testing

@Suite struct ManifestCommandTests {
    @Test func `validate counts manifests, jobs and films`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(name: "a"), "Jobs/a.json")
        try scratch.write("{ \"jobs\": [\(Manifests.tiny(name: "b")), \(Manifests.tiny(name: "c"))] }", "Jobs/b.json")
        try scratch.write("not json", "Jobs/deeper/c.json")
        try scratch.write("not json", "Jobs/readme.txt")
        let outcome = try Command.run("validate", "Jobs", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output == "valid: 2 manifests, 3 jobs, 3 films\n", "\(outcome)")
    }

    @Test func `validate reports the errors of all files with their places`() throws {
        let scratch = try Scratch()
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"pivots\": 3", with: "\"pivots\": \"ten\""), "a.json")
        try scratch.write(Manifests.tiny(name: "b", layer: "block_2_ad"), "b.json")
        try scratch.write(Manifests.tiny(name: "c"), "c.json")
        let outcome = try Command.run("validate", "a.json", "b.json", "c.json", "missing.json", in: scratch)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        let lines = outcome.messages.split(separator: "\n")
        #expect(lines.count == 3, "\(outcome)")
        #expect(lines.first?.hasPrefix("a.json:13:") == true && lines[0].contains("/neb/pivots"), "\(outcome)")
        #expect(lines.contains { $0.hasPrefix("b.json:3:") && $0.contains("block_2_add") }, "\(outcome)")
        #expect(lines.last?.contains("missing.json") == true, "\(outcome)")
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", "{\"jobs\": []}", "\u{FEFF}{}", "{\"name\": \"../up\"}", "{\"unit\": 1e999}",
        "{\"a\": 1, \"a\": 2}", "{\"name\": \"x\",}", "NaN",
    ])
    func `a malformed manifest is exit code 2 from every command that reads one`(text: String) throws {
        let scratch = try Scratch()
        try scratch.write(text, "bad.json")
        for command in ["validate", "expand", "render"] {
            let outcome = try Command.run(command, "bad.json", in: scratch)
            #expect(outcome.status == 2, "\(command): \(outcome)")
            #expect(outcome.messages.hasPrefix("bad.json:"), "\(command): \(outcome)")
        }
        #expect(scratch.entries() == ["bad.json"])
    }

    @Test func `an empty folder and a missing one are exit code 2`() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/Jobs", withIntermediateDirectories: true)
        for path in ["Jobs", "Nowhere", "Nowhere.json"] {
            let outcome = try Command.run("validate", path, in: scratch)
            #expect(outcome.status == 2)
            #expect(outcome.messages.contains(path), "\(outcome)")
        }
        let outcome = try Command.run("render", in: scratch)
        #expect(outcome.status == 2, "\(outcome)")
    }

    @Test func `two jobs that would share a folder are refused`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "a.json")
        try scratch.write(Manifests.tiny(), "b.json")
        let outcome = try Command.run("validate", "a.json", "b.json", in: scratch)
        #expect(outcome.status == 2)
        #expect(outcome.messages.contains("tiny/block_2_add/3"), "\(outcome)")
    }

    @Test func `expand prints a manifest of the same films with nothing left out`() throws {
        let scratch = try Scratch()
        try scratch.write(
            Manifests.tiny().replacingOccurrences(of: "\"unit\": 3", with: "\"units\": \"2-4\""), "a.json")
        let outcome = try Command.run("expand", "a.json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("learningRate"), "\(outcome)")
        try scratch.write(outcome.output, "b.json")
        #expect(try Command.run("validate", "b.json", in: scratch).output == "valid: 1 manifest, 1 job, 3 films\n")
        #expect(try Command.run("expand", "b.json", in: scratch).output == outcome.output)
    }

    @Test func `a pattern that selects nothing is wrong usage`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "a.json")
        let outcome = try Command.run("render", "a.json", "--only", "other/**", in: scratch)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.messages.contains("other/**"))
    }
}
