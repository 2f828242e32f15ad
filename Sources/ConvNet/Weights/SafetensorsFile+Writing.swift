import Disk

extension SafetensorsFile {
    /// Writes tensors to a file whose bytes depend on names, shapes, values and metadata alone, not on their order.
    ///
    /// The file is written under a temporary name in the same folder, flushed to the disk, then renamed: a reader of
    /// `path` sees the whole old file or the whole new one.
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
            let file = try UnfinishedFile(for: path)
            try file.append(values: contents.header)
            for (_, values) in contents.tensors {
                switch values {
                case .floats(let tensor): try file.append(values: tensor.values)
                case .bytes(let tensor): try file.append(values: tensor.values)
                }
            }
            try file.publish()
        } catch {
            throw SafetensorsError(error, remedy: "Check that its folder exists, may be written to and has room")
        }
    }
}
