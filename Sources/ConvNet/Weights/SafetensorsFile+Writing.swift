import Disk

extension SafetensorsFile {
    /// Writes tensors to a file whose bytes depend on names, shapes, values and metadata alone, not on their order.
    ///
    /// The file appears whole or not at all (`WholeFile.write`): a reader of `path` sees the whole old file or the whole
    /// new one.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
    ) throws(SafetensorsError) {
        let contents: SafetensorsContents
        do throws(SafetensorsError) {
            contents = try SafetensorsContents(
                tensors.map { (name: $0.name, values: .floats($0.tensor)) }, metadata: metadata)
        } catch {
            throw SafetensorsError(file: path, tensor: error.tensor, reason: error.reason, remedy: error.remedy)
        }
        do throws(DiskError) {
            var bytes = contents.header
            for (_, values) in contents.tensors {
                switch values {
                case .floats(let tensor): tensor.values.withUnsafeBytes { bytes += $0 }
                case .bytes(let tensor): bytes += tensor.values
                }
            }
            try WholeFile.write(bytes, to: path)
        } catch {
            let remedy = error.remedy.isEmpty ? "name another file" : error.remedy
            throw SafetensorsError(error, remedy: remedy.prefix(1).uppercased() + remedy.dropFirst())
        }
    }
}
