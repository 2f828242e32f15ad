import Foundation

extension SafetensorsFile {
    /// Writes tensors to a file whose bytes depend on names, shapes, values and metadata alone, not on their order.
    ///
    /// The file is written under a temporary name in the same folder, flushed to the disk, then renamed: whoever
    /// opens `path` sees the old file or the new one, whole.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
    ) throws(SafetensorsError) {
        let tensors = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var names: Set<String> = ["__metadata__"]
        for (name, tensor) in tensors {
            guard Tensor.count(of: tensor.shape) == tensor.values.count else {
                throw SafetensorsError(
                    file: path, tensor: name, reason: "has \(tensor.values.count) values, but shape \(tensor.shape)",
                    remedy: "Write a tensor whose shape fits its values")
            }
            guard names.insert(name).inserted else {
                throw SafetensorsError(
                    file: path, tensor: name, reason: "has a name that is taken",
                    remedy: "Give every tensor its own name")
            }
        }
        let beginning = SafetensorsFile.beginning(of: tensors, metadata: metadata)
        let file = try PartialFile(destination: path)
        try file.append(beginning)
        for (_, tensor) in tensors { try file.append(tensor.values) }
        try file.finish()
    }

    /// The header with its length, padded with spaces so that the data begins at a multiple of 8 bytes.
    private static func beginning(of tensors: [(name: String, tensor: Tensor)], metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let entries = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let texts = entries.map { "\(json($0.key)):\(json($0.value))" }
            members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            let end = offset + tensor.values.count * MemoryLayout<Float>.size
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append("\(json(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
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
