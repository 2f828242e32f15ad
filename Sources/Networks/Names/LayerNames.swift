/// The names of a network's layers, as users of its framework know them, and the tensors that they mean.
public struct LayerNames: Sendable {
    /// A tensor that lists of layers show.
    public struct Entry: Sendable, Equatable {
        /// The name to be shown.
        public let name: String
        /// Other names of the same tensor, but for the file's own.
        public let aliases: [String]
        /// In the file.
        public let tensor: String
        /// The name of a module that has others inside, or the output of an operator that joins several: what comes
        /// before ends here.
        public let isBlock: Bool
    }

    /// In the order of the file.
    public let entries: [Entry]
    /// For each name of a module its tensor.
    private let tensorsByPath: [String: String]
    /// A softmax at the end is passed by: for its output the tensor before it.
    private let logits: [String: String]

    /// - Parameters:
    ///   - isLive: for each node whether it depends on the values of the image.
    ///   - isOnePixel: whether a tensor is `[1, units]` or `[1, units, 1, 1]`.
    init(model: ONNXModel, isLive: [Bool], isOnePixel: (String) -> Bool) {
        var tensorsByPath: [String: String] = [:]
        var isModule = Set<String>()
        var order: [String] = []
        var logits: [String: String] = [:]
        let outputs = Set(model.outputs.map { $0.name })
        var hasPaths = false
        for (index, node) in model.nodes.enumerated() where isLive[index] {
            for name in node.outputs where !name.isEmpty { order.append(name) }
            guard let output = node.outputs.first, !output.isEmpty else { continue }
            if node.domain.isEmpty, node.type == "Softmax" || node.type == "LogSoftmax", outputs.contains(output),
                let input = node.inputs.first, isOnePixel(input), isOnePixel(output)
            {
                logits[output] = input
            }
            guard let path = ModulePath.path(of: node, initializers: model.initializers) else { continue }
            hasPaths = true
            let prefixes = ModulePath.prefixes(of: path)
            for prefix in prefixes { tensorsByPath[prefix] = output }
            isModule.formUnion(prefixes.dropLast())
        }
        var paths: [String: [String]] = [:]
        for (path, tensor) in tensorsByPath { paths[logits[tensor] ?? tensor, default: []].append(path) }

        // The network's results, those behind a softmax included, have a name of their own.
        let results = outputs.union(outputs.compactMap { logits[$0] })
        let joins: Set<String> = ["Add", "Concat", "Sum"]
        // Of several tensors that depend on the image: a bias is added, too.
        let live = Set(order)
        var joined = Set<String>()
        for node in model.nodes where node.domain.isEmpty && joins.contains(node.type) {
            if let output = node.outputs.first, node.inputs.count(where: live.contains) > 1 { joined.insert(output) }
        }
        var entries: [Entry] = []
        for tensor in order where logits[tensor] == nil {
            if let names = paths[tensor] {
                let name = Self.shown(names)
                entries.append(
                    Entry(
                        name: name, aliases: names.filter { $0 != name }.sorted(), tensor: tensor,
                        isBlock: names.contains(where: isModule.contains) || joined.contains(tensor)))
            } else if !hasPaths || results.contains(tensor) {
                // The name of the output, which a softmax behind it would take away.
                let outer = logits.first { $0.value == tensor }?.key
                entries.append(
                    Entry(
                        name: tensor, aliases: outer.map { [$0] } ?? [], tensor: tensor,
                        isBlock: joined.contains(tensor)))
            }
        }
        // A path that is another tensor's own name hides it.
        self.entries = entries.filter { entry in
            guard let meant = tensorsByPath[entry.name] else { return true }
            return (logits[meant] ?? meant) == entry.tensor
        }
        self.tensorsByPath = tensorsByPath
        self.logits = logits
    }

    /// Of several paths of one tensor: the shortest, which is the outermost module's, but of a sequence of modules the
    /// one that is meant (`layer4.2`, `features.18`).
    private static func shown(_ paths: [String]) -> String {
        let sorted = paths.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        let outer = sorted[0]
        func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }
        if isNumber(outer[(outer.lastIndex(of: ".").map(outer.index(after:)) ?? outer.startIndex)...]) { return outer }
        let child = sorted.first { $0.hasPrefix(outer + ".") && isNumber($0.dropFirst(outer.count + 1)) }
        return child ?? outer
    }

    /// All paths, with the tensors that they mean.
    var paths: [String: String] {
        var paths: [String: String] = [:]
        for output in logits.keys { paths[output] = tensor(output) }
        for path in tensorsByPath.keys { paths[path] = tensor(path) }
        return paths
    }

    /// The tensor of a name: a path or, where none fits, the name of a tensor itself.
    /// - Parameter passingSoftmax: the logits are meant where the name is that of a softmax at the network's end.
    public func tensor(_ name: String, passingSoftmax: Bool = true) -> String {
        let tensor = tensorsByPath[name] ?? name
        return passingSoftmax ? logits[tensor] ?? tensor : tensor
    }
}
