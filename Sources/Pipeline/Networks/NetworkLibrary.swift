import ConvNet
import Disk
import JobManifest
import Networks

/// The networks that manifests and commands name: looked up, opened at their first use, and given up when they are no
/// longer needed.
public final class NetworkLibrary: Sendable {
    /// The folders in which names are looked up, in order.
    public let folders: [String]
    private let opened = Guarded<[NetworkReference: NetworkHandle]>([:])

    /// - Parameter folders: are looked into before `Weights`, where `make weights` puts networks.
    public init(folders: [String] = []) {
        self.folders = folders + ["Weights"]
    }

    /// What is known of a network without running it.
    /// - Throws: `NetworkError` where there is none, or its file or card cannot be used.
    public func description(of reference: NetworkReference) throws(NetworkError) -> NetworkDescription {
        try handle(of: reference).model.description
    }

    /// SHA-256 of everything in files and reference that decides what the network computes, in hexadecimal digits.
    public func digest(of reference: NetworkReference) throws(NetworkError) -> String {
        try handle(of: reference).model.digest
    }

    /// What its file and card say, with all that cannot be run.
    public func model(_ reference: NetworkReference) throws(NetworkError) -> NetworkModel {
        try handle(of: reference).model
    }

    /// The network itself, which is shared by all who ask for it until it is released.
    public func network(_ reference: NetworkReference) throws(NetworkError) -> Network {
        try handle(of: reference).network()
    }

    /// Gives up a network's memory once the last of those who have it is done; the next to ask for it opens it again.
    public func release(_ reference: NetworkReference) {
        opened.value[reference]?.release()
    }

    /// The label of the class that a reel is of; nil if it is of none, or its network cannot be opened.
    public func label(of reel: Reel) -> String? {
        (try? description(of: reel.network))?.label(ofUnit: reel.unit, layer: reel.layer)
    }

    /// The path of the network's file.
    public func path(of reference: NetworkReference) throws(NetworkError) -> String {
        try NetworkFile.path(of: reference, in: folders)
    }

    /// For readers of manifests.
    public var provider: NetworkProvider {
        NetworkProvider(
            { (reference) throws(NetworkError) in try self.description(of: reference) },
            fault: { reference, layer in
                do throws(NetworkError) {
                    _ = try self.model(reference).layer(layer)
                    return nil
                } catch {
                    // A layer that is nowhere in the file has no place in it.
                    return error.place == nil ? nil : error
                }
            })
    }

    private func handle(of reference: NetworkReference) throws(NetworkError) -> NetworkHandle {
        if let handle = opened.value[reference] { return handle }
        // Two threads may open the same at once; the first one stays.
        let new = try NetworkHandle(reference, path: path(of: reference))
        return opened.update { opened in
            if let first = opened[reference] { return first }
            opened[reference] = new
            return new
        }
    }
}
