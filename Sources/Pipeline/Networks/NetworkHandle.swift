import ConvNet
import Disk
import Networks

/// A network whose file has been looked at: what it is, and, while somebody needs it, the network itself. This is the
/// only place that opens one.
final class NetworkHandle: Sendable {
    let description: NetworkDescription
    let digest: String
    private let path: String
    /// Nil while nobody needs it.
    private let kept = Guarded<Network?>(nil)

    /// - Throws: `NetworkError` where the file cannot be used.
    init(_ reference: NetworkReference, path: String) throws(NetworkError) {
        self.path = path
        guard path.hasSuffix(NetworkFile.ending) else {
            throw NetworkError(file: path, reason: "is no network that this version can open")
        }
        description = MobileNetV2.description
        do throws(DiskError) { digest = try SHA256.hexDigest(ofFile: path) } catch { throw NetworkError(error) }
    }

    func network() throws(NetworkError) -> Network {
        if let network = kept.value { return network }
        let new: Network
        do {
            new = try Network(weights: try SafetensorsFile(path: path))
        } catch {
            let (text, head) = ("\(error)", "\(path): ")
            throw NetworkError(file: path, reason: text.hasPrefix(head) ? String(text.dropFirst(head.count)) : text)
        }
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
