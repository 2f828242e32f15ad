import Foundation
import Testing

/// "May not" is told from "is not there", "is damaged" and "done", with the system's word.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct PermissionTests {
    private static let render = #"exec "$facetreel" render tiny.json --progress plain"#

    /// A folder of the user's, with a manifest of some films.
    private func folder(films: Int = 1) throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(films), "tiny.json")
        return scratch
    }

    private func results(_ scratch: Scratch) -> [String] {
        scratch.entries().filter { $0.hasSuffix(".safetensors") && $0.hasPrefix("Output/.cache/") }
    }

    // MARK: The cache

    @Test(.enabled(if: OrdinaryUser.isAnother, "skipped: needs root, who can be another user"))
    func `another's cache is neither pruned nor mended, and the command says so`() throws {
        let scratch = try folder()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        #expect(try Shell.run(Self.render, in: scratch).status == 0)
        let files = results(scratch)
        #expect(files.count >= 2)
        let pruned = try user.run(#""$facetreel" cache --prune 0"#, in: scratch)
        #expect(pruned.status == 1 && pruned.output.hasPrefix("removed: 0 results, "), "\(pruned)")
        for file in files {
            #expect(
                pruned.messages.contains("facetreel: error: cannot remove \(file): Permission denied; "), "\(pruned)")
        }
        var bytes = try scratch.read(files[0])
        bytes[bytes.count / 2] ^= 8
        try scratch.write(bytes, files[0])
        let verified = try user.run(#""$facetreel" cache --verify"#, in: scratch)
        #expect(verified.status == 1, "\(verified)")
        #expect(verified.output.hasPrefix("0 damaged and removed, 1 left that cannot be read or removed\n"))
        #expect(verified.messages.contains(files[0]) && verified.messages.contains("Permission denied"), "\(verified)")
        #expect(results(scratch) == files)
    }

    @Test func `a file of the cache that may not be read is not called damaged, and stays`() throws {
        let scratch = try folder()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        #expect(try user.run(Self.render, in: scratch).status == 0)
        let files = results(scratch)
        for file in files { chmod("\(scratch.path)/\(file)", 0) }
        let verified = try user.run(#""$facetreel" cache --verify"#, in: scratch)
        #expect(verified.status == 1, "\(verified)")
        #expect(
            verified.output.hasPrefix("0 damaged and removed, \(files.count) left that cannot be read or removed\n"))
        #expect(
            verified.messages.contains("Permission denied") && !verified.messages.contains("damaged"), "\(verified)")
        #expect(results(scratch) == files)
        let again = try user.run("\(Self.render) --force", in: scratch)
        #expect(again.status == 0 && !again.messages.contains("damaged"), "\(again)")
    }

    @Test func `a part of the cache that may not be searched is named`() throws {
        let scratch = try folder()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        #expect(try user.run(Self.render, in: scratch).status == 0)
        let part = (try #require(results(scratch).first) as NSString).deletingLastPathComponent
        chmod("\(scratch.path)/\(part)", 0)
        defer { chmod("\(scratch.path)/\(part)", 0o755) }
        for command in ["cache", "cache --verify", "cache --prune 1d"] {
            let outcome = try user.run(#""$facetreel" \#(command)"#, in: scratch)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(
                outcome.messages.contains("facetreel: error: \(part): cannot be opened: Permission denied"),
                "\(outcome)")
        }
    }

    // MARK: Films and their folder

    @Test func `a record that may not be read is no missing film`() throws {
        let scratch = try folder()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        #expect(try user.run(Self.render, in: scratch).status == 0)
        let record = "Output/tiny/block_2_add/0/film.json"
        chmod("\(scratch.path)/\(record)", 0)
        let checked = try user.run(#""$facetreel" check"#, in: scratch)
        #expect(checked.status == 1 && checked.output.hasPrefix("FAILED  Output/tiny/block_2_add/0: "), "\(checked)")
        #expect(checked.output.contains("Permission denied") && !checked.output.contains("has no film.json"))
        let gallery = try user.run(#"rm Output/gallery/state.json; "$facetreel" gallery"#, in: scratch)
        #expect(
            gallery.messages.contains("tiny/block_2_add/0: film.json cannot be read; check its permissions"),
            "\(gallery)")
    }

    @Test(arguments: [
        (
            "nowhere",
            "facetreel: error: nowhere: is a link that leads to no folder; make the folder that it names, or remove it\n"
        ),
        ("file/O", "facetreel: error: cannot make the folder file/O: Not a directory; a part of the path is a file\n"),
        (
            "locked/O",
            "facetreel: error: cannot make the folder locked/O: Permission denied; check the permissions of the folder, and whose it is\n"
        ),
    ])
    func `an output folder that cannot be made is one sentence`(output: String, messages: String) throws {
        let scratch = try folder()
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let outcome = try user.run(
            "ln -s none/there nowhere; echo > file; mkdir -m 500 locked; \(Self.render) --output \(output)", in: scratch
        )
        #expect(outcome.status == 1 && outcome.messages == messages, "\(outcome)")
        #expect(outcome.output.isEmpty)
    }

    @Test func `in an output folder that may not be written to each film fails for that reason, said once`() throws {
        let scratch = try folder(films: 2)
        guard let user = try OrdinaryUser(in: scratch) else { return }
        let outcome = try user.run("mkdir -m 500 Output; \(Self.render) --jobs 1", in: scratch)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains("2 of 2 films failed"), "\(outcome)")
        #expect(outcome.messages.matches(of: /block_2_add\/[01]: failed in 0:00: .*Permission denied/).count == 2)
        #expect(!outcome.messages.contains("NSCocoaErrorDomain") && !outcome.messages.contains("Error Domain"))
    }
}
