import Foundation
import Testing

/// Names of files that are not UTF-8, or that a terminal would obey: nothing is repaired silently, and nothing shown raw.
@Suite struct NameTests {
    /// In Latin-1, as old disks have it.
    private static let latin = #"$'M\xfcller'"#
    private static let shown = #"M\xFCller"#

    @Test(arguments: [
        "render tiny.json --output \(latin)/O", "render \(latin)", "validate tiny.json \(latin).json",
        "gallery \(latin)", "compare \(latin) \(latin)", "render tiny.json --networks \(latin)",
        "render tiny.json --output=\(latin)",
    ])
    func `an argument that is no UTF-8 is refused, and nothing is made`(arguments: String) throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let outcome = try Shell.run(#""$facetreel" \#(arguments)"#, in: scratch)
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains(Self.shown) && outcome.messages.contains("is no UTF-8"), "\(outcome)")
        #expect(scratch.entries() == ["tiny.json"])
    }

    @Test(arguments: ["FACETREEL_NETWORKS", "FACETREEL_PROGRAM"])
    func `a variable that is no UTF-8 is refused by its name`(variable: String) throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let outcome = try Shell.run(
            "export \(variable)=\(Self.latin); exec \"$facetreel\" render tiny.json", in: scratch)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(
            outcome.messages.hasPrefix("facetreel: error: \(variable) is no UTF-8: \(Self.shown); "), "\(outcome)")
        #expect(scratch.entries() == ["tiny.json"])
    }

    @Test func `a working directory that is no UTF-8 makes no batch`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let outcome = try Shell.run(
            "mkdir \(Self.latin) && cd \(Self.latin) && exec \"$facetreel\" submit ../tiny.json --print", in: scratch)
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.messages.contains("\(Self.shown): is no UTF-8"), "\(outcome)")
    }

    @Test func `in a folder, a manifest with such a name is an error and any other file is none`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "Jobs/tiny.json")
        let validate = #""$facetreel" validate Jobs"#
        let other = try Shell.run("touch Jobs/\(Self.latin){,.txt,.json.bak}; \(validate)", in: scratch)
        #expect(other.status == 0, "\(other)")
        let manifest = try Shell.run("cp Jobs/tiny.json Jobs/\(Self.latin).json; \(validate)", in: scratch)
        #expect(manifest.status == 2, "\(manifest)")
        #expect(manifest.messages.hasPrefix("Jobs/\(Self.shown).json: this name is no UTF-8; "), "\(manifest)")
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `strange files in an output folder are nobody's business`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(1), "tiny.json")
        let outcome = try Shell.run(
            """
            for folder in Output Output/tiny Output/.cache Output/.cache/locks Output/.cache/ab Output/.cache/processes; do
                mkdir -p $folder; touch $folder/\(Self.latin){,.json,.lock,.owner}
            done
            "$facetreel" render tiny.json --progress off && "$facetreel" gallery Output \
                && "$facetreel" status Output && "$facetreel" check Output && "$facetreel" cache --verify
            """, in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
    }

    // MARK: What a terminal would obey

    /// Clears the screen, tears the line apart, turns the writing around.
    private static let hostile = #"$'a\e[2Jb\nc\r\xe2\x80\xaed'"#
    private static let harmless = #"a\x1B[2Jb\nc\r\u{202E}d"#

    @Test(arguments: [
        "validate $name.json", "validate folder", "render $name.json", "gallery $name", "report $name", "check $name",
        "status $name", "cache $name", "compare $name $name", "inspect $name",
    ])
    func `names reach no terminal raw`(arguments: String) throws {
        let messages = try messages(arguments)
        #expect(messages.contains(Self.harmless), "\(messages.debugDescription)")
    }

    /// Usage has several lines; what was typed may tear them, but no more.
    @Test(arguments: ["layers $name", "render --only [$name", "render --jobs $name"])
    func `arguments reach no terminal raw`(arguments: String) throws {
        let messages = try messages(arguments)
        #expect(messages.contains(#"a\x1B[2Jb"#) && messages.contains(#"c\r\u{202E}d"#), "\(messages.debugDescription)")
    }

    /// What a command says that fails; nothing in it that a terminal would obey.
    private func messages(_ arguments: String) throws -> String {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "folder/fine.json")
        let outcome = try Shell.run(
            """
            name=\(Self.hostile); echo '{' > "folder/$name.json"
            "$facetreel" \(arguments.replacingOccurrences(of: "$name", with: "\"$name\""))
            """, in: scratch)
        #expect(outcome.status != 0, "\(outcome)")
        for scalar in outcome.messages.unicodeScalars where scalar != "\n" {
            #expect(scalar.properties.generalCategory != .control && scalar != "\u{202E}", "\(outcome)")
        }
        return outcome.messages
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `the path of a film is printed byte for byte for programs, and shown on a terminal`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(1), "tiny.json")
        let arguments = ["render", "tiny.json", "--progress", "off", "--output"]
        let output = "a\u{1B}[2Jb"
        let outcome = try Command.start(arguments + [output], in: scratch).wait()
        #expect(outcome.output == "\(output)/tiny/block_2_add/0/film.mp4\n", "\(outcome)")
        guard let terminal = try? PseudoTerminal(columns: 80, rows: 24) else {
            return print("skipped: this system gives the test no pseudo-terminal")
        }
        let shown = try terminal.messages(of: Command.process(arguments + [output], in: scratch), withOutput: true)
        #expect(shown == "a\\x1B[2Jb/tiny/block_2_add/0/film.mp4\n", "\(shown.debugDescription)")
    }
}
