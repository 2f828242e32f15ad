import Foundation

extension SafetensorsFile {
    /// Writes tensors to a file whose bytes depend on names, shapes, values and metadata alone, not on their order.
    ///
    /// The file is written under a temporary name in the same folder, flushed to the disk, then renamed: whoever
    /// opens `path` sees the old file or the new one, whole.
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
        let file = try PartialFile(destination: path)
        try file.append(contents.header)
        for (_, values) in contents.tensors {
            switch values {
            case .floats(let tensor): try file.append(tensor.values)
            case .bytes(let tensor): try file.append(tensor.values)
            }
        }
        try file.finish()
    }
}

/// A file that is being written under a temporary name; it goes away unless `finish` gives it its own.
private final class PartialFile {
    private let destination: String
    private let temporary: String
    private let descriptor: Int32
    private var isFinished = false

    init(destination: String) throws(SafetensorsError) {
        self.destination = destination
        guard !destination.utf8.contains(0) else {
            throw SafetensorsError(file: destination, reason: "has a zero in its name", remedy: "Give a usable path")
        }
        let folder = destination.lastIndex(of: "/").map { String(destination[...$0]) } ?? ""
        temporary = "\(folder).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw error("cannot be written") }
    }

    func append<Value: BitwiseCopyable>(_ values: [Value]) throws(SafetensorsError) {
        let isWritten = values.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return false }
                done += count
            }
            return true
        }
        guard isWritten else { throw error("cannot be written") }
    }

    func finish() throws(SafetensorsError) {
        guard fsync(descriptor) == 0 else { throw error("cannot be flushed to the disk") }
        guard rename(temporary, destination) == 0 else { throw error("cannot be put in its place") }
        isFinished = true
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isFinished { unlink(temporary) }
    }

    private func error(_ reason: String) -> SafetensorsError {
        SafetensorsError(
            file: destination, reason: "\(reason) (\(String(cString: strerror(errno))))",
            remedy: "Check that its folder exists, may be written to and has room")
    }
}
