import JSON

/// The contents of a safetensors file, laid out. Its bytes depend on names, shapes, values and metadata alone, not on
/// the order in which the tensors are given.
public struct SafetensorsContents: Sendable {
    /// A tensor of either type.
    public enum Values: Sendable, Equatable {
        case floats(Tensor)
        case bytes(ByteTensor)

        var shape: [Int] {
            switch self {
            case .floats(let tensor): tensor.shape
            case .bytes(let tensor): tensor.shape
            }
        }

        var count: Int {
            switch self {
            case .floats(let tensor): tensor.values.count
            case .bytes(let tensor): tensor.values.count
            }
        }

        var kind: SafetensorsHeader.Kind {
            switch self {
            case .floats: .float
            case .bytes: .byte
            }
        }
    }

    /// The header with its length before it. The metadata comes first, its entries sorted by their keys' bytes.
    public let header: [UInt8]
    /// Sorted by name, as their values follow the header.
    let tensors: [(name: String, values: Values)]

    /// - Throws: `SafetensorsError` (without a file) if a name is given twice, or the shape of a tensor does not fit
    ///   its values.
    public init(_ tensors: [(name: String, values: Values)], metadata: [String: String] = [:]) throws(SafetensorsError)
    {
        self.tensors = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var names: Set<String> = ["__metadata__"]
        for (name, values) in self.tensors {
            guard Tensor.count(of: values.shape) == values.count else {
                throw SafetensorsError(
                    file: "", tensor: name, reason: "has \(values.count) values, but shape \(values.shape)",
                    remedy: "Write a tensor whose shape fits its values")
            }
            guard names.insert(name).inserted else {
                throw SafetensorsError(
                    file: "", tensor: name, reason: "has a name that is taken", remedy: "Give every tensor its own name"
                )
            }
        }
        header = Self.header(of: self.tensors, metadata: metadata)
    }

    /// Hands the values of each tensor, in the order of the file, to `use`.
    public func forEachTensor(_ use: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for (_, values) in tensors {
            switch values {
            case .floats(let tensor): try tensor.values.withUnsafeBytes(use)
            case .bytes(let tensor): try tensor.values.withUnsafeBytes(use)
            }
        }
    }

    /// Padded with spaces so that the data begins at a multiple of 8 bytes.
    private static func header(of tensors: [(name: String, values: Values)], metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let entries = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let texts = entries.map { "\(json($0.key)):\(json($0.value))" }
            members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for (name, values) in tensors {
            let end = offset + values.count * values.kind.size
            let shape = values.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(json(name)):{\"dtype\":\"\(values.kind.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
            )
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
    }

    private static func json(_ text: String) -> String { JSONValue.string(text).canonicalText }
}
