import ConvNet
import Networks

/// A network whose file has been looked at: what it is, and, while somebody needs it, the network with its packed
/// weights. This is the only place that opens one.
final class NetworkHandle: Sendable {
    let model: NetworkModel
    /// Nil while nobody needs it.
    private let kept = Guarded<Network?>(nil)

    /// - Throws: `NetworkError` where the file or its card cannot be used.
    init(_ reference: NetworkReference, path: String) throws(NetworkError) {
        model = try NetworkModel(path: path, reference: reference)
    }

    func network() throws(NetworkError) -> Network {
        if let network = kept.value { return network }
        let new = try Network(model: model)
        return kept.update { kept in
            if let first = kept { return first }
            kept = new
            return new
        }
    }

    func release() {
        kept.update { $0 = nil }
    }
}
