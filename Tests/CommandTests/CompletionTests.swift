import Foundation
import Testing

/// What a shell completes. `make completions` writes the scripts.
@Suite struct CompletionTests {
    private func script(_ shell: String) throws -> String {
        let outcome = try Command.run("--generate-completion-script", shell, in: try Scratch())
        #expect(outcome.status == 0, "\(outcome)")
        return outcome.output
    }

    /// Nil, with a message, where there is no such shell.
    private func run(_ shell: String, _ arguments: [String], in scratch: Scratch) throws -> (Int32, String)? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [shell] + arguments
        process.currentDirectoryURL = URL(filePath: scratch.path)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            print("skipped: there is no \(shell)")
            return nil
        }
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `the script knows every command and the shell reads it`(shell: String) throws {
        let text = try script(shell)
        for path in try CommandTree.ofProgram().paths {
            #expect(text.contains(path.joined(separator: " ")), "\(shell): \(path)")
            #expect(text.contains("_\(path.joined(separator: "_"))") || shell == "fish", "\(shell): \(path)")
        }
        #expect(text.contains("block_12_project_BN"), "the layers go by name")
        let scratch = try Scratch()
        try scratch.write(text, "script")
        guard let (status, output) = try run(shell, ["-n", "script"], in: scratch) else { return }
        #expect(status == 0 && output.isEmpty, "\(output)")
    }

    /// What bash offers for the last of `words`.
    private func offered(_ words: [String], in scratch: Scratch) throws -> Set<String>? {
        try scratch.write(try script("bash"), "script")
        // The program itself is not asked, and need not be on the path.
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        let program = """
            source ./script
            COMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            COMP_TYPE=9; COMP_KEY=9
            _facetreel facetreel "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        guard let (_, output) = try run("bash", ["-c", program], in: scratch) else { return nil }
        return Set(output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    }

    @Test func `bash completes commands, layers, files of the kind that is wanted, and folders`() throws {
        let scratch = try Scratch()
        for file in ["Jobs/eyes.json", "notes.txt", "first.json", "poster.png", "mine.onnx"] {
            try scratch.write("", file)
        }
        guard let commands = try offered(["facetreel", "c"], in: scratch) else { return }
        #expect(commands.isSuperset(of: ["cache", "check", "compare"]), "\(commands)")

        let layers = try offered(["facetreel", "probe", "--layer", "block_12_"], in: scratch) ?? []
        #expect(layers.contains("block_12_add") && layers.allSatisfy { $0.hasPrefix("block_12_") }, "\(layers)")

        let styles = try offered(["facetreel", "render", "--progress", ""], in: scratch) ?? []
        #expect(styles == ["auto", "plain", "json", "off"], "\(styles)")

        let networks = try offered(["facetreel", "probe", "--network", ""], in: scratch) ?? []
        #expect(networks.contains("mine.onnx") && !networks.contains("notes.txt"), "\(networks)")

        let manifests = try offered(["facetreel", "render", ""], in: scratch) ?? []
        #expect(manifests.isSuperset(of: ["first.json", "Jobs"]) && !manifests.contains("notes.txt"), "\(manifests)")

        let folders = try offered(["facetreel", "gallery", ""], in: scratch) ?? []
        #expect(folders.contains("Jobs") && !folders.contains("first.json"), "\(folders)")
    }

    @Test func `whatever is called a file or a folder completes as one`() throws {
        var seen = 0
        for (path, argument) in try CommandTree.ofProgram().allArguments where argument.shouldDisplay {
            let parts = (argument.valueName ?? "").split(separator: "|")
            guard !Set(parts).isDisjoint(with: ["file", "dir", "folder", "manifest", "output", "network", "picture"])
            else {
                continue
            }
            seen += 1
            let kind = argument.completionKind?.keys.first ?? "none"
            #expect(["file", "directory"].contains(kind), "\(path) \(parts): \(kind)")
        }
        #expect(seen >= 10, "\(seen)")
    }
}
