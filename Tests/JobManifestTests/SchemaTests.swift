import Foundation
import JSON
import Testing

@testable import JobManifest

@Suite struct SchemaTests {
    /// The checked-in files are written by the tables; with FACETREEL_WRITE_DOCUMENTATION=1 this test writes them.
    @Test(arguments: ["job.schema.json", "manifest.md"])
    func `the files in Documentation say what the tables say`(file: String) throws {
        let text = file == "manifest.md" ? ManifestReference.markdown() : JobSchema.json()
        let url = packageFolder.appending(path: "Documentation/\(file)")
        if ProcessInfo.processInfo.environment["FACETREEL_WRITE_DOCUMENTATION"] == "1" {
            try Data(text.utf8).write(to: url)
        }
        let written = try String(contentsOf: url, encoding: .utf8)
        let isUpToDate = written == text
        #expect(
            isUpToDate,
            "\(file) is not up to date: run FACETREEL_WRITE_DOCUMENTATION=1 swift test --filter JobManifestTests")
    }

    @Test func `every key and every range of the tables is in the schema`() throws {
        let schema = JobSchema.json()
        for key in JobDraft.table.fields.map(\.key) + FacetSettings.table.fields.map(\.key) {
            #expect(schema.contains("\"\(key)\": {"), "\(key)")
        }
        #expect(schema.contains("\"maximum\": 18446744073709551615"))
    }

    /// Asks python3-jsonschema what it thinks of manifests.
    @Test func `an independent validator agrees with the reader`() throws {
        let parsed = MalformedManifest.content.filter { String(validating: $0.bytes, as: UTF8.self) != nil }
        let good = [designExample, CanonicalJSONTests.complete, try read(CanonicalJSONTests.complete).readableJSON]
        let texts = good + parsed.map { String(decoding: $0.bytes, as: UTF8.self) }
        let verdicts = try verdicts(of: texts)
        guard let verdicts else { return }
        #expect(Array(verdicts.prefix(good.count)) == good.map { _ in "" })
        var refused = 0
        for (manifest, verdict) in zip(parsed, verdicts.dropFirst(good.count)) {
            refused += verdict.isEmpty ? 0 : 1
            // What the schema cannot know: the network, and conditions between values.
            let isBeyondSchema = Self.beyondSchema.contains(manifest.name)
            #expect(verdict.isEmpty == isBeyondSchema, "\(manifest.name): \(verdict.isEmpty ? "accepted" : verdict)")
        }
        print("jsonschema: \(good.count) good manifests pass, \(refused) of \(parsed.count) bad ones are refused")
    }

    private static let beyondSchema: Set<String> = [
        "duplicate key", "duplicate key by an escape", "unknown layer", "layer in another case", "layer of nowhere",
        "unknown layer in the list", "unit out of range", "unit in a list out of range", "range backwards",
        "range beyond the layer", "range of one layer too many", "two facets of one name", "points out of order",
        "blur of a spectrum", "filter of a spectrum", "pad as wide as the image", "moving without transforms",
        "moving a spectrum", "two jobs of one folder", "two jobs whose names differ in case",
        "levels that do not ascend", "a level of as many as the last",
        "one facet", "sets of too many in all",
        "name of a set's second facet", "diversity of a single facet", "picture that is not there",
        "picture that is a folder", "picture with a NUL", "start that is not there", "start that is a folder",
        "nearness of a moved image", "photograph that is not there",
        "blur of decorrelated colours", "spectrum of pixels", "mean colour of pixels", "image moved by views",
        "place of a channel",
        "direction without weights", "weights of a neuron", "direction beyond the layer", "weight of nothing",
        "unit with two weights", "class of a network without logits", "class of a layer with positions",
        "mean of two colors", "pattern of no layer",
        // Python's reader takes a double for them.
        "seed that vanishes", "seed with a fraction", "pivots that are almost whole", "strength that vanishes",
    ]

    /// The first complaint about each text, empty for none; nil, with a message, where there is no validator.
    private func verdicts(of texts: [String]) throws -> [String]? {
        let script = """
            import json, sys
            try:
                import jsonschema
            except ImportError:
                sys.exit(9)
            schema, texts = json.load(open(sys.argv[1])), json.load(sys.stdin)
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            print(json.dumps([next((e.message for e in validator.iter_errors(json.loads(t))), "")[:200] for t in texts]))
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", script, packageFolder.appending(path: "Documentation/job.schema.json").path,
        ]
        let input = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString).json")
        try JSONEncoder().encode(texts).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus != 9, process.terminationStatus != 127 else {
            print("skipped: python3 has no module jsonschema (apt-get install python3-jsonschema)")
            return nil
        }
        #expect(process.terminationStatus == 0)
        return try JSONDecoder().decode([String].self, from: answer)
    }
}
