import Foundation
import Testing

/// All commands that look into an output folder treat it alike.
@Suite struct FolderCommandTests {
    private static let commands = [
        "gallery folder", "report folder", "check folder", "status folder", "cache folder", "compare folder folder",
        "cache folder --prune 0", "status folder --json", "compare folder --snapshot snapshot.jsonl",
    ]

    @Test(arguments: commands) func `a folder that is not there is an invalid input`(command: String) throws {
        let scratch = try Scratch()
        let outcome = try Shell.run(#""$facetreel" \#(command)"#, in: scratch)
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains("folder: "), "\(outcome)")
        #expect(scratch.entries().isEmpty)
    }

    @Test(arguments: commands) func `a folder that may not be read is an invalid input`(command: String) throws {
        let scratch = try Scratch()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let outcome = try user.run("mkdir -m 0 folder; \"$facetreel\" \(command)", in: scratch)
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains("folder") && outcome.messages.contains("Permission denied"), "\(outcome)")
    }

    @Test(arguments: ["gallery", "report", "check", "status", "cache"])
    func `a file in a folder's place is an invalid input`(command: String) throws {
        let scratch = try Scratch()
        try scratch.write("", "folder")
        let outcome = try Command.run(command, "folder", in: scratch)
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains("folder: cannot be opened: Not a directory; name a folder"), "\(outcome)")
    }

    @Test(arguments: [("status", Int32(1)), ("gallery", 1), ("check", 1), ("compare folder", 0)])
    func `a part of a folder that may not be read is named`(command: String, status: Int32) throws {
        let scratch = try Scratch()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let outcome = try user.run(
            "mkdir -p folder/a/b folder/a/c && chmod 0 folder/a/b; \"$facetreel\" \(command) folder", in: scratch)
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.messages.contains("folder/a/b"), "\(outcome)")
        #expect(outcome.messages.contains("Permission denied"), "\(outcome)")
    }

    @Test func `a comparison with a part that may not be read passes no gate`() throws {
        let scratch = try Scratch()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let outcome = try user.run(
            "mkdir -p folder/a/b && chmod 0 folder/a/b; \"$facetreel\" compare folder folder --fail-on-regression",
            in: scratch)
        #expect(outcome.status == 2, "\(outcome)")
    }

    @Test func `check counts films, and nothing else`() throws {
        let scratch = try Scratch()
        for unit in 0..<5 { try scratch.write("{}", "many/a/b/\(unit)/film.json") }
        let outcome = try Command.run("check", "many", "/nope", in: scratch)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.output.split(separator: "\n").count == 5, "\(outcome)")
        #expect(outcome.messages.contains("5 of 5 films are not as they should be"), "\(outcome)")
        #expect(outcome.messages.contains("/nope: no such folder"), "\(outcome)")
        let alone = try Command.run("check", "/nope", in: scratch)
        #expect(alone.status == 2 && !alone.messages.contains("films are not"), "\(alone)")
        try scratch.write("", "empty/file")
        let empty = try Command.run("check", "empty", in: scratch)
        #expect(empty.status == 1 && empty.messages.contains("empty: no film.json there"), "\(empty)")
    }
}
