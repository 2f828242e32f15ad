import Disk
import JSON
import Synchronization

/// A network in an ONNX file, with its card: what it is called, which layers it has, and its graph at any image size.
/// Weights stay in the file until somebody asks for them. Safe to use from several threads.
public final class NetworkModel: Sendable {
    /// Of the ONNX file, as it was given.
    public let path: String
    /// The card's name for it, or else the file's without `.onnx`.
    public let name: String
    /// SHA-256, in hexadecimal digits, of everything that decides what the network computes: the file, its external
    /// data, and the normalization.
    public let digest: String
    /// What lies beside the file and what the reference says, which counts more.
    public let card: NetworkCard
    public let description: NetworkDescription
    public let model: ONNXModel
    public let image: NetworkImage
    /// All nodes that cannot be computed, with the layers that they block.
    public let unsupportedNodes: [UnsupportedNode]

    /// A node that cannot be computed.
    public struct UnsupportedNode: Sendable, Equatable {
        /// `node "/Resize" (Resize)`
        public let label: String
        public let reason: String
        /// May be empty.
        public let remedy: String
        /// Names of the layers that cannot be visualized because of it.
        public let layers: [String]
    }

    private struct Cached: Sendable {
        var height: Int
        var width: Int
        var graph: LoweredGraph
    }

    /// The last sizes that were asked for, the newest last.
    private let cache = Mutex<[Cached]>([])
    private static let cachedSizes = 4

    /// Opens a network.
    /// - Parameters:
    ///   - path: of the ONNX file; its card is looked for beside it.
    ///   - reference: what a manifest says of normalization and labels.
    ///   - allowsEmptyCard: an empty file in the card's place is none, and no error.
    /// - Throws: `NetworkError` if the file or the card cannot be used, or no layer of the network can be computed.
    ///   A normalization that nobody tells is no error until `normalization()` is asked for.
    public init(
        path: String, reference: NetworkReference, allowsEmptyCard: Bool = false
    ) throws(NetworkError) {
        model = try ONNXModel(path: path)
        var card = try NetworkCard.read(beside: path, allowsEmpty: allowsEmptyCard) ?? NetworkCard()
        let contents = try model.digest()
        if card.sha256 != nil {
            try card.check(digest: model.files.count == 1 ? contents : try model.fileDigest(), of: path)
        }
        try card.apply(reference)
        self.card = card
        self.path = path
        name = card.name ?? Self.shortName(path)
        image = try NetworkImage(of: model)
        digest = SHA256.hexDigest(of: (contents + "\n" + Self.normalizationText(card)).utf8)
        let height = card.height ?? image.height ?? 224
        let width = card.width ?? image.width ?? 224
        let graph = try LoweredGraph(model: model, height: height, width: width)
        description = try NetworkDescription(of: graph, name: name, card: card, path: path)
        unsupportedNodes = Self.unsupported(graph)
        cache.withLock { $0.append(Cached(height: height, width: width, graph: graph)) }
    }

    /// The network at one image size.
    /// - Throws: `NetworkError` if the file as a whole does not allow it.
    /// - Complexity: proportional to the number of nodes; the last sizes are kept.
    public func lowered(height: Int, width: Int) throws(NetworkError) -> LoweredGraph {
        let known = cache.withLock { cache in
            cache.first { $0.height == height && $0.width == width }?.graph
        }
        if let known { return known }
        let graph = try LoweredGraph(model: model, height: height, width: width)
        cache.withLock { cache in
            if cache.count >= Self.cachedSizes { cache.removeFirst() }
            cache.append(Cached(height: height, width: width, graph: graph))
        }
        return graph
    }

    /// A layer by any of its names.
    /// - Throws: `NetworkError` that says what stands in its way, or that there is none of that name and which is near.
    public func layer(_ name: String) throws(NetworkError) -> Layer {
        if let layer = description.layer(name) { return layer }
        let graph = try lowered(height: description.height, width: description.width)
        if let error = graph.blockingError(graph.names.tensor(name)) {
            throw NetworkError(
                file: path, place: "layer \(name.quoted)",
                reason: "is blocked by \(error.place ?? "a node"): \(error.reason)", remedy: error.remedy)
        }
        let names = description.layers.map { $0.name }
        throw NetworkError(
            file: path, reason: "has no layer \(name.quoted)\(NearestName.hint(for: name, among: names))",
            remedy: "`\(NetworkReference(path).layersCommand())` lists all of them")
    }

    /// How images are normalized for the network: it sees (x - mean) / standardDeviation, x in 0...1, of each of its
    /// channels in the color order.
    /// - Throws: `NetworkError` if neither card nor reference says it, with what is usual.
    public func normalization() throws(NetworkError) -> (
        mean: [Double], standardDeviation: [Double], colorOrder: NetworkCard.ColorOrder
    ) {
        guard let mean = card.mean, let deviation = card.standardDeviation else {
            let missing = card.mean == nil ? "mean" : "standardDeviation"
            throw NetworkError(
                file: path,
                reason: "needs the normalization of its images, and \(missing.quoted) is not known",
                remedy: "Write both into the card \(NetworkCard.path(beside: path)) or into the manifest's "
                    + "\"network\"; usual is \(usualNormalization), and `facetreel inspect` prints others")
        }
        func spread(_ colors: [Double], _ meaning: String) throws(NetworkError) -> [Double] {
            if colors.count == image.channels { return colors }
            // A grey image is the mean of the colors: numbers that are equal are its own.
            guard colors.count == 1 || isGrey && colors.allSatisfy({ $0 == colors[0] }) else {
                throw NetworkError(
                    file: path,
                    reason: "sees images of \(image.channels) channel\(image.channels == 1 ? "" : "s"), and its "
                        + "\(meaning.quoted) has \(colors.count) numbers",
                    remedy: isGrey
                        ? "Its images are grey: give one number" : "Give one number for all channels, or one for each")
            }
            return [Double](repeating: colors[0], count: image.channels)
        }
        return (
            try spread(mean, "mean"), try spread(deviation, "standardDeviation"), card.colorOrder ?? .rgb
        )
    }

    /// The most usual one, for a message of one line.
    private var usualNormalization: String {
        let usual = isGrey ? NetworkCard.usualGreyNormalizations : NetworkCard.usualNormalizations
        return usual[0].members + (isGrey ? "" : " (ImageNet's)")
    }

    /// Whether the network sees images of one channel, the mean of red, green and blue.
    public var isGrey: Bool { image.channels == 1 }

    private static func normalizationText(_ card: NetworkCard) -> String {
        func list(_ numbers: [Double]?) -> String {
            numbers.map { $0.map { "\($0)" }.joined(separator: " ") } ?? "unknown"
        }
        return "mean \(list(card.mean))\ndeviation \(list(card.standardDeviation))\n"
            + "order \((card.colorOrder ?? .rgb).rawValue)\n"
    }

    private static func shortName(_ path: String) -> String {
        let file = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
        return file.hasSuffix(".onnx") ? String(file.dropLast(5)) : file
    }

    private static func unsupported(_ graph: LoweredGraph) -> [UnsupportedNode] {
        var layers = [[String]](repeating: [], count: graph.blockedNodes.count)
        for entry in graph.names.entries {
            for fault in graph.blockedTensors[entry.tensor] ?? [] { layers[fault].append(entry.name) }
        }
        return graph.blockedNodes.enumerated().map { index, node in
            UnsupportedNode(label: node.label, reason: node.reason, remedy: node.remedy, layers: layers[index])
        }
    }
}
