import Foundation
import Testing

/// Messages are best effort and decide no run's fate; results that cannot be printed are errors.
@Suite struct MessageTests {
    private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

    // MARK: Nobody takes the messages

    @Test(arguments: ["2> /dev/full", "2>&-", "2> >(true)"])
    func `a status is the same where its message is lost`(redirection: String) throws {
        guard Self.hasFullDevice || !redirection.contains("full") else { return print("skipped: no /dev/full") }
        let outcome = try Shell.run(#""$facetreel" validate /nonexistent \#(redirection)"#, in: try Scratch())
        #expect(outcome.status == 2, "\(outcome)")
    }

    /// What was opened first had the number of standard error, and got its messages.
    @Test(
        .enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"),
        arguments: ["2>&-", "0<&- 1>&- 2>&-", "1>&- 2> /dev/full"])
    func `a render whose messages are lost makes its film, and no message lands in its files`(
        redirections: String
    ) throws {
        guard Self.hasFullDevice || !redirections.contains("full") else { return print("skipped: no /dev/full") }
        let (scratch, usual) = (try Scratch(), try Scratch())
        for folder in [scratch, usual] { try folder.write(Manifests.several(2), "tiny.json") }
        let line = #""$facetreel" render tiny.json --progress plain"#
        let outcome = try Shell.run("\(line) \(redirections)", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try Shell.run(line, in: usual).status == 0)
        // The same files but for the names of parts of the cache, and none of them with a progress line.
        let films = usual.entries().filter { $0.hasPrefix("Output/tiny/") }
        #expect(films.count > 8 && scratch.entries().filter { $0.hasPrefix("Output/tiny/") } == films)
        for name in films where name.hasSuffix(".mp4") || name.hasSuffix(".png") {
            #expect(try scratch.read(name) == usual.read(name), "\(name)")
        }
        for name in scratch.entries() {
            guard let data = try? scratch.read(name) else { continue }
            #expect(!String(decoding: data, as: UTF8.self).contains("[0:00] "), "\(name)")
        }
        #expect(try Command.run("check", "Output", in: scratch).status == 0)
        #expect(try Command.run("cache", "--verify", in: scratch).status == 0)
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a reader of progress that goes away does not stop a render`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(4), "tiny.json")
        let outcome = try Shell.run(
            #""$facetreel" render tiny.json --progress json 2> >(head -n 1 > first)"#, in: scratch)
        #expect(outcome.status == 0 && outcome.output.split(separator: "\n").count == 4, "\(outcome)")
        #expect(scratch.entries().contains("Output/report.json"))
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a reader of progress that has stopped reading does not stop a render`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(8), "tiny.json")
        let process = Command.process(
            ["render", "tiny.json", "--progress", "json"], in: scratch)
        let pipe = Pipe()
        // Linux' F_SETPIPE_SZ: less than these films tell.
        #expect(fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, 4096) == 4096)
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        Shell.endOrKill(process)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        #expect(scratch.entries().count { $0.hasSuffix("film.mp4") } == 8)
        try pipe.fileHandleForWriting.close()
        let told = try pipe.fileHandleForReading.readToEnd() ?? Data()
        #expect((1...4096).contains(told.count), "the pipe was full")
    }

    // MARK: Nobody takes the results

    @Test(arguments: ["schema >&-", "schema > /dev/full", "expand tiny.json > /dev/full", "layers --json >&-"])
    func `a result that cannot be printed is an error`(command: String) throws {
        guard Self.hasFullDevice || !command.contains("full") else { return print("skipped: no /dev/full") }
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "tiny.json")
        let outcome = try Shell.run(#""$facetreel" \#(command)"#, in: scratch)
        #expect(outcome.status == 1, "\(outcome)")
        let reason = command.contains("full") ? "No space left on device" : "Bad file descriptor"
        #expect(outcome.messages == "facetreel: error: what was printed could not be written: \(reason)\n")
    }

    @Test func `a reader of results that goes away ends the command without a word`() throws {
        // The pause lets the reader go first.
        let line = #"(sleep 0.2; exec "$facetreel" schema) | true; echo ${PIPESTATUS[0]}"#
        let outcome = try Shell.run(line, in: try Scratch())
        #expect(outcome.output == "\(128 + SIGPIPE)\n" && outcome.messages.isEmpty, "\(outcome)")
        let ignoring = try Shell.run("trap '' PIPE; \(line)", in: try Scratch())
        #expect(ignoring.output == "1\n" && ignoring.messages.contains("Broken pipe"), "\(ignoring)")
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a render whose films nobody wants to know has made them all the same`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.several(2), "tiny.json")
        let outcome = try Shell.run(
            """
            (sleep 0.2; exec "$facetreel" render tiny.json --progress off) | true
            echo ${PIPESTATUS[0]}
            """, in: scratch)
        #expect(outcome.output == "0\n" && outcome.messages.isEmpty, "\(outcome)")
        #expect(scratch.entries().count { $0.hasSuffix("film.mp4") } == 2)
    }
}
