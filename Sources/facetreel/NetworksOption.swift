import ArgumentParser
import ConvNet
import Foundation
import Networks
import Pipeline

/// `--networks`, for every command that opens networks by their names.
struct NetworksOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("A folder in which names of networks are looked up, before Weights/.", valueName: "dir"),
        completion: .directory)
    var networks: String?

    /// The folder of a distribution, which its launcher names.
    private static let variable = "FACETREEL_NETWORKS"

    /// Folders to look into before `Weights`.
    var folders: [String] {
        let named = ProcessInfo.processInfo.environment[Self.variable] ?? ""
        return [networks, named.isEmpty ? nil : named].compactMap(\.self)
    }

    var library: NetworkLibrary { NetworkLibrary(folders: folders) }
}

/// `--network`, for commands about a single one.
struct NetworkOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A network: a name, or the path of an ONNX file (with a slash, or ending in .onnx).", valueName: "network"),
        completion: .network)
    var network = NetworkReference.standard.file

    @OptionGroup var networks: NetworksOption

    func opened() throws -> OpenedNetwork { try OpenedNetwork(NetworkReference(network), networks) }
}

/// A network that a command is about.
struct OpenedNetwork {
    let reference: NetworkReference
    let library: NetworkLibrary
    let description: NetworkDescription

    /// Ends the command where there is no such network, or its file cannot be used.
    init(_ reference: NetworkReference, _ networks: NetworksOption) throws {
        let library = networks.library
        description = try readingInput { try library.description(of: reference) }
        (self.reference, self.library) = (reference, library)
    }

    /// The path of its file.
    func path() throws -> String { try readingInput { try library.path(of: reference) } }

    /// What its file and card say.
    func model() throws -> NetworkModel { try readingInput { try library.model(reference) } }

    /// The network itself. Ends the command where it cannot be run.
    func network() throws -> Network {
        try AddressSpace.checkRoom()
        return try readingInput { try library.network(reference) }
    }
}
