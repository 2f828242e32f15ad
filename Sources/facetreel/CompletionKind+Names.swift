import ArgumentParser
import Networks

/// What the shell offers as completion for arguments whose possible values this program knows.
///
/// The names are written into the completion script: the shell need not start the program at every Tab.
extension CompletionKind {
    /// Manifests, and the folders on the way to them.
    static var manifest: CompletionKind { .file(extensions: ["json"]) }

    static var weights: CompletionKind { .file(extensions: ["safetensors"]) }

    /// The network's layers.
    static var layer: CompletionKind { .list(NetworkDescription.standard.layers.map(\.name)) }
}
