import Film
import Foundation
import Testing

/// Files are written beside their place and renamed; where a link, a device or a pipe has the name, that must not put a
/// regular file there instead.
@Suite struct DestinationTests {
    /// The commands that write a file which the user names; the name comes last.
    private static let writers =
        [#""$facetreel" compare old.jsonl --snapshot"#, #""$facetreel" compare old.jsonl old.jsonl --report"#]
        + (Command.hasWeights
            ? [#""$facetreel" probe --input a.png --layer Conv1_relu --output"#] : [])

    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        let film = #"{"engineRevision":"4","evaluations":9,"film":"a/b/1","measures":{"x":1},"seconds":1}"#
        try scratch.write(film + "\n", "old.jsonl")
        try PNG.write(Bitmap(width: 32, height: 32, color: (9, 99, 199)), to: "\(scratch.path)/a.png")
        return scratch
    }

    /// Runs a line that calls `write NAME`, after one that wrote `plain`; what commands print goes to a file.
    private func run(_ writer: String, _ line: String, in scratch: Scratch) throws -> Command.Outcome {
        try Shell.run("write() { \(writer) \"$1\" > printed; }; write plain || exit; \(line)", in: scratch)
    }

    @Test(arguments: writers) func `through a link its target is written`(writer: String) throws {
        let scratch = try folder()
        try scratch.write("before", "elsewhere/target")
        let outcome = try run(
            writer,
            """
            ln -s "$PWD/elsewhere/target" absolute
            ln -s elsewhere/relative dangling
            ln -s ../dangling elsewhere/second && ln -s elsewhere/second chain
            write absolute && cmp plain elsewhere/target && write dangling && cmp plain elsewhere/relative \
                && rm elsewhere/relative && write chain && cmp plain elsewhere/relative
            """, in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        for link in ["absolute", "dangling", "chain", "elsewhere/second"] {
            #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "\(scratch.path)/\(link)")) != nil)
        }
        #expect(!scratch.entries().contains { $0.contains("partial") }, "\(scratch.entries())")
    }

    @Test(arguments: writers) func `a link to nowhere that can be written is an error`(writer: String) throws {
        let scratch = try folder()
        for (link, target, reason) in [
            ("loop", "loop", "Too many levels of symbolic links"), ("lost", "none/there", "No such file or directory"),
        ] {
            let outcome = try run(writer, "ln -s \(target) \(link); write \(link)", in: scratch)
            #expect(outcome.status == 1 && outcome.messages.contains(reason), "\(outcome)")
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: "\(scratch.path)/\(link)") == target)
        }
    }

    @Test(arguments: writers) func `a pipe with a reader gets everything, and stays a pipe`(writer: String) throws {
        let outcome = try run(
            writer,
            """
            mkfifo pipe; cat pipe > got &
            for try in {1..200}; do write pipe 2> said && break; grep -q "No such device" said || break; sleep 0.01; done
            wait; cmp plain got && test -p pipe
            """, in: try folder())
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(arguments: writers) func `a pipe without a reader is an error, and no wait`(writer: String) throws {
        let outcome = try run(writer, "mkfifo pipe; write pipe; echo $?; test -p pipe", in: try folder())
        #expect(outcome.status == 0 && outcome.output == "1\n", "\(outcome)")
        #expect(outcome.messages.contains("No such device or address"), "\(outcome)")
    }

    @Test(arguments: writers) func `a device stays one`(writer: String) throws {
        let outcome = try run(
            writer, "mknod device c 1 3 && : > device || exit 77; write device && test -c device", in: try folder())
        if outcome.status == 77 { return print("skipped: the test may not make or open devices") }
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(arguments: writers) func `a descriptor of the shell's gets everything`(writer: String) throws {
        let outcome = try run(
            writer,
            """
            exec 3> third; write /dev/fd/3 && cmp plain third || exit 3
            \(writer) /dev/stdout > printed; head -c $(stat -c %s plain) printed | cmp - plain || exit 4
            \(writer) /dev/stderr 2> said > /dev/null; cmp plain said
            """, in: try folder())
        #expect(outcome.status == 0, "\(outcome)")
    }

    // MARK: Films

    @Test(
        .enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"),
        arguments: [false, true])
    func `a film's files that are links are written through them`(toOtherDisk: Bool) throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let film = "Output/tiny/block_2_add/3"
        let line = #""$facetreel" render tiny.json --progress off > films"#
        let other = toOtherDisk ? "/dev/shm/\((scratch.path as NSString).lastPathComponent)" : "\(scratch.path)/other"
        defer { try? FileManager.default.removeItem(atPath: other) }
        let outcome = try Shell.run(
            """
            mkdir -p \(other) \(film) || exit 77
            if \(toOtherDisk); then test $(stat -c %d \(other)) != $(stat -c %d .) || exit 77; fi
            for file in film.mp4 index.html poster.png; do
                echo before > \(other)/$file; ln -s \(other)/$file \(film)/
            done
            ln -s \(other)/pages.html Output/index.html
            \(line) || exit
            cp \(other)/film.mp4 first && echo damaged > \(other)/film.mp4 && \(line) && cmp first \(film)/film.mp4
            """, in: scratch)
        if outcome.status == 77 { return print("skipped: /dev/shm is no other disk that can be written to") }
        #expect(outcome.status == 0, "\(outcome)")
        for file in ["\(film)/film.mp4", "\(film)/index.html", "\(film)/poster.png", "Output/index.html"] {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(scratch.path)/\(file)")
            #expect(target?.hasPrefix(other) == true, "\(file)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: other).count == 4)
        let checked = try Command.run("check", "Output", in: scratch)
        #expect(checked.status == 0, "\(checked)")
        #expect(String(decoding: try scratch.read("Output/index.html"), as: UTF8.self).contains("<html"))
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `what is no file in a film's place fails that film and stays`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(2), "tiny.json")
        let outcome = try Shell.run(
            """
            mkdir -p Output/tiny/block_2_add/0; mkfifo Output/tiny/block_2_add/0/film.mp4
            "$facetreel" render tiny.json --progress off; echo $?
            test -p Output/tiny/block_2_add/0/film.mp4
            """, in: scratch)
        #expect(outcome.status == 0 && outcome.output == "Output/tiny/block_2_add/1/film.mp4\n1\n", "\(outcome)")
        #expect(outcome.messages.contains("film.mp4: is no regular file; move it away"), "\(outcome)")
    }
}
