/// The path by which the user's framework knows what a node is part of: `layer4.2.conv3`.
enum ModulePath {
    /// Longer names are no paths of modules, and would make as many prefixes as they have parts.
    private static let longest = 200
    private static let mostParts = 16

    /// Nil if the file does not say.
    static func path(of node: ONNXNode, initializers: [String: ONNXTensor]) -> String? {
        let path = weightPath(node, initializers) ?? scopePath(node) ?? namePath(node.name)
        guard let path, !path.isEmpty, path.utf8.count <= longest,
            path.utf8.count(where: { $0 == UInt8(ascii: ".") }) < mostParts
        else { return nil }
        return path
    }

    /// All paths that hold it: `layer4`, `layer4.2`, `layer4.2.conv3`.
    static func prefixes(of path: String) -> [String] {
        var prefixes: [String] = []
        var prefix = ""
        for part in path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            if !prefixes.isEmpty { prefix += "." }
            prefix += String(Substring(part))
            prefixes.append(prefix)
        }
        return prefixes
    }

    /// Of a convolution or a matrix by its weight: `layer4.2.conv3.weight`, or Keras' `model/block_1_project_1/...:0`.
    private static func weightPath(_ node: ONNXNode, _ initializers: [String: ONNXTensor]) -> String? {
        guard node.type == "Conv" || node.type == "Gemm", node.inputs.count > 1, initializers[node.inputs[1]] != nil
        else { return nil }
        let name = node.inputs[1]
        if name.hasSuffix(".weight") { return String(name.dropLast(7)) }
        return name.hasSuffix(":0") ? kerasPath(name) : nil
    }

    /// `['', 'layer3', 'layer3.0', 'add_7']`: the last but one.
    private static func scopePath(_ node: ONNXNode) -> String? {
        guard let scopes = node.metadata["pkg.torch.onnx.name_scopes"], scopes.utf8.count <= 4096 else { return nil }
        // Between every second pair of quotes.
        let parts = scopes.utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
        var names: [String] = []
        for index in stride(from: 1, to: parts.count, by: 2) { names.append(String(Substring(parts[index]))) }
        return names.count >= 2 ? names[names.count - 2] : nil
    }

    private static func namePath(_ name: String) -> String? {
        name.utf8.first == UInt8(ascii: "/") ? scriptPath(name) : kerasPath(name)
    }

    /// `/layer4/layer4.2/conv3/Conv`: a part that continues the one before it replaces it.
    private static func scriptPath(_ name: String) -> String? {
        var path: [Substring] = []
        for part in slashParts(name).dropLast() {
            if let last = path.last, part.hasPrefix(last + ".") {
                path[path.count - 1] = part
            } else {
                path.append(part)
            }
        }
        return path.joined(separator: ".")
    }

    /// `mobilenetv2_1.00_224_1/block_4_add_1/Add`: the layer behind the model.
    private static func kerasPath(_ name: String) -> String? {
        var parts = slashParts(name)
        // TensorFlow's name for a model that was saved.
        if parts.first == "StatefulPartitionedCall" { parts.removeFirst() }
        guard parts.count >= 3 else { return nil }
        let layer = parts[1]
        return String(layer.hasSuffix("_1") ? layer.dropLast(2) : layer)
    }

    private static func slashParts(_ name: String) -> [Substring] {
        name.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }
}
