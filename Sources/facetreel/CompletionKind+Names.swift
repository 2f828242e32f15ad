import ArgumentParser
import Networks
import Pipeline

/// What the shell offers as completion for arguments whose possible values this program knows.
///
/// The names are written into the completion script: the shell need not start the program at every Tab.
extension CompletionKind {
    /// Manifests, and the folders on the way to them.
    static var manifest: CompletionKind { .file(extensions: ["json"]) }

    static var tensors: CompletionKind { .file(extensions: ["safetensors"]) }

    /// Paths of networks. Their names are those of files in folders that the shell need not know.
    static var network: CompletionKind { .file(extensions: ["onnx"]) }

    /// The layers of the default network, if it is there when the script is made.
    static var layer: CompletionKind { .list(layers) }

    /// Every start of the program asks for it, and only a completion script needs it.
    private static let layers: [String] = {
        guard CommandLine.arguments.dropFirst().contains(where: { $0.hasPrefix("--generate-completion-script") }) else {
            return []
        }
        let library = (try? NetworksOption.parse([]))?.library ?? NetworkLibrary()
        return (try? library.description(of: .standard))?.layers.map(\.name) ?? []
    }()
}
