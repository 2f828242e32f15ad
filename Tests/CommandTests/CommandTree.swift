import Foundation
import Testing

/// The commands that the program has, as it tells them itself (`--experimental-dump-help`): a new one is in all tests
/// that ask for every command.
struct CommandTree: Decodable {
    struct Argument: Decodable {
        var valueName: String?
        var shouldDisplay: Bool
        var completionKind: [String: Kind]?

        /// What goes with the kind does not matter here.
        struct Kind: Decodable {
            init(from decoder: any Decoder) {}
        }
    }

    var commandName: String
    var subcommands: [CommandTree]?
    var arguments: [Argument]?

    private struct Dump: Decodable {
        var command: CommandTree
    }

    static func ofProgram() throws -> CommandTree {
        let outcome = try Command.run("--experimental-dump-help", in: try Scratch())
        try #require(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(Dump.self, from: Data(outcome.output.utf8)).command
    }

    /// The words after `facetreel` of every command, without its own (none) and without `help`.
    var paths: [[String]] {
        (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { command in
            [[command.commandName]] + command.paths.map { [command.commandName] + $0 }
        }
    }

    /// Those of every command below, with the words that lead to it.
    var allArguments: [(path: [String], argument: Argument)] {
        (arguments ?? []).map { ([commandName], $0) }
            + (subcommands ?? []).flatMap { command in
                command.allArguments.map { ([commandName] + $0.path, $0.argument) }
            }
    }
}
