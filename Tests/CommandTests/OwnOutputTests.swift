import Foundation
import Testing

/// Films may land in the folder of their manifests: what the program writes there is known, and no manifest.
@Suite struct OwnOutputTests {
    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `manifests and films in one folder render again and again`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(1), "tiny.json")
        let line = #""$facetreel" render . --output . --progress plain"#
        let first = try Shell.run(line, in: scratch)
        #expect(first.status == 0, "\(first)")
        let second = try Shell.run(line, in: scratch)
        #expect(second.status == 0 && second.messages.contains("1 up to date in "), "\(second)")
        // Whatever else the program writes as JSON, where users may have put it.
        let all = try Shell.run(
            """
            "$facetreel" schema > schema.json; cp tiny/block_2_add/0/film.json .
            "$facetreel" compare tiny tiny --report regressions.json > printed
            "$facetreel" expand . && "$facetreel" validate .
            """, in: scratch)
        #expect(all.status == 0, "\(all)")
        let third = try Shell.run(line, in: scratch)
        #expect(third.status == 0 && third.output == "./tiny/block_2_add/0/film.mp4\n", "\(third)")
        #expect(scratch.entries().contains("regressions.json") && scratch.entries().contains("report.json"))
    }

    @Test func `what is named is read as a manifest, and so is everything else in a folder`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "Jobs/tiny.json")
        try scratch.write(#"{"engineRevision": "4", "reels": []}"#, "Jobs/report.json")
        #expect(try Command.run("validate", "Jobs", in: scratch).status == 0)
        let named = try Command.run("validate", "Jobs/report.json", in: scratch)
        #expect(named.status == 2 && named.messages.contains("Jobs/report.json"), "\(named)")
        for other in ["{}", "[]", "3", #"{"engineRevisions": 4}"#, #"{"name": "a", "compare": []}"#, ""] {
            try scratch.write(other, "Jobs/other.json")
            let outcome = try Command.run("validate", "Jobs", in: scratch)
            #expect(outcome.status == 2 && outcome.messages.contains("Jobs/other.json"), "\(other): \(outcome)")
        }
    }

    @Test func `a folder with nothing but the program's own files has no manifest`() throws {
        let scratch = try Scratch()
        try scratch.write(#"{"engineRevision": "4", "reels": []}"#, "Jobs/report.json")
        let outcome = try Command.run("validate", "Jobs", in: scratch)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.messages == "Jobs: no manifest (*.json) lies directly in this folder\n", "\(outcome)")
    }
}
