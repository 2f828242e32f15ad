import Disk

extension ONNXModel {
    /// SHA-256 in hexadecimal digits, of all that is read of the network. Without weights in other files that is the
    /// file's own, as `sha256sum` prints it; otherwise that of the lines which `sha256sum` prints for the network file
    /// and those with its weights (in the order of their names), the digests alone:
    ///
    ///     sha256sum network.onnx network.onnx.data | cut -c -64 | sha256sum
    ///
    /// - Complexity: O(bytes).
    public func digest() throws(NetworkError) -> String {
        var digests: [String] = []
        do throws(DiskError) {
            for file in files { digests.append(try SHA256.hexDigest(of: file)) }
        } catch {
            throw NetworkError(error)
        }
        return digests.count == 1 ? digests[0] : SHA256.hexDigest(of: digests.map { $0 + "\n" }.joined().utf8)
    }

    /// SHA-256 of the network file alone, which its card may name; empty for a model that was not read from a file.
    public func fileDigest() throws(NetworkError) -> String {
        do throws(DiskError) {
            return try files.first.map { file throws(DiskError) in try SHA256.hexDigest(of: file) } ?? ""
        } catch {
            throw NetworkError(error)
        }
    }
}
