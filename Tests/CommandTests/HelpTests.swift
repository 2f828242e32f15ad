import Foundation
import Testing

/// What `--help` says, word for word: a change of it is seen in review.
@Suite struct HelpTests {
    private static let folder = Command.root.appending(path: "Tests/CommandTests/Help")
    private static let isWritten = ProcessInfo.processInfo.environment["FACETREEL_WRITE_DOCUMENTATION"] == "1"

    private func help(_ path: [String], environment: [String: String] = ["COLUMNS": "80"]) throws -> String {
        let outcome = try Command.start(path + ["--help"], in: try Scratch(), environment: environment).wait()
        #expect(outcome.status == 0 && outcome.messages.isEmpty, "\(path): \(outcome)")
        return outcome.output
    }

    private func file(_ path: [String]) -> URL {
        Self.folder.appending(path: (path.isEmpty ? ["facetreel"] : path).joined(separator: "-") + ".txt")
    }

    /// With FACETREEL_WRITE_DOCUMENTATION=1 this test writes them.
    @Test func `the files in Help say what every command says`() throws {
        let paths = [[]] + (try CommandTree.ofProgram().paths)
        if Self.isWritten {
            try? FileManager.default.removeItem(at: Self.folder)
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        }
        for path in paths {
            let text = try help(path)
            if Self.isWritten { try Data(text.utf8).write(to: file(path)) }
            let written = try? String(contentsOf: file(path), encoding: .utf8)
            #expect(
                written == text,
                "\(file(path).lastPathComponent) is not what \(path) --help says; if that is meant: FACETREEL_WRITE_DOCUMENTATION=1 make test ARGS='--filter HelpTests'"
            )
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(names) == Set(paths.map { file($0).lastPathComponent }), "a command is gone or new")
        print("help: \(paths.count) commands")
    }

    @Test func `every command has an example, is in the list of commands and fits 80 columns`() throws {
        let overview = try help([])
        #expect(overview.contains("EXAMPLE: facetreel "), "\(overview)")
        for path in try CommandTree.ofProgram().paths {
            let text = try help(path)
            #expect(text.contains("EXAMPLE: facetreel \(path.joined(separator: " "))"), "\(text)")
            if path.count == 1 { #expect(overview.contains("  \(path[0]) "), "\(overview)") }
            // The library breaks no line of these.
            for line in text.split(separator: "\n") where !line.hasPrefix("USAGE: ") {
                #expect(line.count <= 80, "\(path): \(line)")
            }
            // Examples are for copying: none is broken.
            let wide = try help(path, environment: ["COLUMNS": "1000"])
            #expect(examples(text) == examples(wide), "\(path)")
        }
    }

    @Test func `the examples are commands that the program understands`() throws {
        for path in [[]] + (try CommandTree.ofProgram().paths) {
            for example in examples(try help(path, environment: ["COLUMNS": "1000"])) {
                // With what no command knows at the end nothing is done, but whatever else is wrong is said first.
                let words = try shellWords(example)
                #expect(words.first == "facetreel", "\(example)")
                let outcome = try Command.start(
                    Array(words.dropFirst()) + ["--nonsense-after-all"], in: try Scratch()
                ).wait()
                #expect(outcome.status == 64, "\(example): \(outcome)")
                #expect(outcome.messages.contains("Unknown option '--nonsense-after-all'"), "\(example): \(outcome)")
            }
        }
    }

    private func examples(_ help: String) -> [String] {
        help.split(separator: "\n").compactMap { line in
            line.firstRange(of: "EXAMPLE: ").map { String(line[$0.upperBound...]) }
        }
    }

    /// The words of a line as a shell sees them, without what follows a redirection.
    private func shellWords(_ line: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let command = line.split(separator: " > ")[0]
        process.arguments = ["-c", "printf '%s\\n' \(command)"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
