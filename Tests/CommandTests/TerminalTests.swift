import Foundation
import Testing

/// What the program writes to a terminal, and what to whatever is none.
@Suite struct TerminalTests {
    private static let escape = "\u{1B}"
    private static let color = "\u{1B}[32m"
    private static let columns = 72

    /// A folder with one tiny film to render, and the weights where they are looked for.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "Jobs/tiny.json")
        try FileManager.default.createDirectory(atPath: scratch.path + "/Weights", withIntermediateDirectories: true)
        for file in [Command.weights, Command.card] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(scratch.path)/Weights/\((file as NSString).lastPathComponent)", withDestinationPath: file)
        }
        return scratch
    }

    private func onTerminal(
        _ arguments: [String], in scratch: Scratch, _ environment: [String: String], withOutput: Bool = false
    ) throws -> (status: Int32, text: String) {
        let process = Command.process(arguments, in: scratch, environment: environment)
        process.standardOutput = FileHandle.nullDevice
        let text = try PseudoTerminal(columns: UInt16(Self.columns), rows: 24)
            .messages(of: process, withOutput: withOutput)
        return (process.terminationStatus, text)
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `render without arguments renders every manifest in Jobs`() throws {
        let scratch = try folder()
        try scratch.write(Manifests.tiny(name: "second", unit: 4), "Jobs/second.json")
        let outcome = try Command.run("render", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(
            Set(outcome.output.split(separator: "\n")) == [
                "Output/second/block_2_add/4/film.mp4", "Output/tiny/block_2_add/3/film.mp4",
            ], "\(outcome)")
        #expect(!outcome.messages.contains(Self.escape), "\(outcome)")
    }

    @Test func `render without arguments and without Jobs says what is missing`() throws {
        let outcome = try Command.run("render", in: try Scratch())
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.messages == "Jobs: no such file or folder\n", "\(outcome)")
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a terminal gets bars in color that are never wider than it is`() throws {
        let (status, text) = try onTerminal(["render"], in: try folder(), ["TERM": "xterm-256color"])
        #expect(status == 0, "\(text)")
        #expect(text.contains("\(Self.color)[#"), "\(text.debugDescription)")
        // The cursor goes up over what is drawn anew.
        #expect(text.contains("A\r\(Self.escape)[J"), "\(text.debugDescription)")
        // Whatever belongs to no sequence takes room on the screen.
        let shown = text.replacing(/\u{1B}\[[0-9;]*[A-Za-z]|\r/, with: "")
        for line in shown.split(separator: "\n") where line.contains("[#") || line.contains("[-") {
            #expect(line.count < Self.columns, "\(line)")
        }
    }

    @Test(
        .enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"),
        arguments: [
            (["TERM": "xterm-256color", "NO_COLOR": "1"], true), (["TERM": "xterm-256color", "NO_COLOR": ""], true),
            (["TERM": "dumb"], false), (["TERM": ""], false), (["TERM": "xterm"], true),
        ])
    func `NO_COLOR takes the color away, a dumb terminal the bars as well`(
        environment: [String: String], hasBars: Bool
    ) throws {
        let (status, text) = try onTerminal(["render"], in: try folder(), environment)
        #expect(status == 0, "\(text)")
        // https://no-color.org: present and not empty.
        let hasColor = hasBars && (environment["NO_COLOR"] ?? "").isEmpty
        #expect(text.contains("[#") == hasBars, "\(environment): \(text.debugDescription)")
        #expect(text.contains(Self.color) == hasColor, "\(environment): \(text.debugDescription)")
        #expect(text.contains("\(Self.escape)[") == hasBars, "\(environment): \(text.debugDescription)")
    }

    @Test(
        .enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"),
        arguments: ["plain", "json", "off"])
    func `on a terminal, too, progress is shown as it was asked for`(style: String) throws {
        let (status, text) = try onTerminal(["render", "--progress", style], in: try folder(), ["TERM": "xterm"])
        #expect(status == 0, "\(text)")
        #expect(!text.contains(Self.escape), "\(text.debugDescription)")
        #expect(text.isEmpty == (style == "off"), "\(text.debugDescription)")
    }

    @Test(arguments: [["--help"], ["render", "--help"], ["layers"], ["validate", "nothing.json"], ["nonsense"]])
    func `what is read word for word has no escape sequences, on a terminal either`(arguments: [String]) throws {
        let (_, text) = try onTerminal(arguments, in: try Scratch(), ["TERM": "xterm-256color"], withOutput: true)
        #expect(!text.isEmpty)
        #expect(!text.contains(Self.escape), "\(text.debugDescription)")
    }
}
