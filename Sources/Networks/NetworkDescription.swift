/// What all code except the engine needs to know of a network. The weights are not needed for it.
public struct NetworkDescription: Sendable, Equatable {
    /// Layers that a manifest can ask for by one word.
    public struct Selection: Sendable, Equatable {
        public let name: String
        public let layers: [Layer]

        public init(name: String, layers: [Layer]) {
            self.name = name
            self.layers = layers
        }
    }

    /// How messages and pages call it.
    public let name: String
    /// The size of the images that it was made for.
    public let height: Int
    public let width: Int
    /// One name for each logit, if they are known.
    public let labels: [String]?
    /// The layers that lists show, from the image on.
    public let layers: [Layer]
    /// By names other than their own: other paths and the tensors' names in the file; and tensors that no list shows.
    private let others: [String: Layer]
    /// By a listed layer's own name: the paths of other modules that end in it, which patterns are held against, too.
    private let aliases: [String: [String]]
    /// In the order in which messages list them.
    public let selections: [Selection]
    /// The layers whose outputs make the perceptual distance, from edges to parts.
    public let perceptualLayers: [Layer]
    /// The layers that a benchmark of the engine and a calibration measure, by rising cost.
    public let benchmarkLayers: [Layer]
    /// The layer of the band whose steps a benchmark times.
    public let standardLayer: Layer

    /// - Precondition: every layer that is named is one of `layers`, and there is at least one of each kind.
    public init(
        name: String, height: Int = 224, width: Int = 224, labels: [String]? = nil, layers: [Layer],
        selections: [Selection], perceptualLayers: [String], benchmarkLayers: [String], standardLayer: String
    ) {
        precondition(!perceptualLayers.isEmpty && !benchmarkLayers.isEmpty, "distances and costs need layers")
        func named(_ name: String) -> Layer {
            guard let layer = layers.first(where: { $0.name == name }) else {
                preconditionFailure("a layer that is named is there")
            }
            return layer
        }
        self.name = name
        self.height = height
        self.width = width
        self.labels = labels
        self.layers = layers
        others = [:]
        aliases = [:]
        self.selections = selections
        self.perceptualLayers = perceptualLayers.map(named)
        self.benchmarkLayers = benchmarkLayers.map(named)
        self.standardLayer = named(standardLayer)
    }

    /// - Parameters:
    ///   - others: layers by names that are not their own, or that are in no list.
    ///   - aliases: of `others` those that patterns find, by the layer's own name.
    /// - Precondition: there is at least one layer of each kind.
    init(
        name: String, height: Int, width: Int, labels: [String]?, layers: [Layer], others: [String: Layer],
        aliases: [String: [String]], selections: [Selection], perceptualLayers: [Layer], benchmarkLayers: [Layer],
        standardLayer: Layer
    ) {
        precondition(!perceptualLayers.isEmpty && !benchmarkLayers.isEmpty, "distances and costs need layers")
        self.name = name
        self.height = height
        self.width = width
        self.labels = labels
        self.layers = layers
        self.others = others
        self.aliases = aliases
        self.selections = selections
        self.perceptualLayers = perceptualLayers
        self.benchmarkLayers = benchmarkLayers
        self.standardLayer = standardLayer
    }

    /// A layer by any of its names: its own, other paths that mean it, or its tensor's in the file. Nil for a name that
    /// no layer has.
    public func layer(_ name: String) -> Layer? { layers.first { $0.name == name } ?? others[name] }

    /// The extents of a layer's map, for an image of the size that the network was made for; 1 x 1 for logits.
    public func mapSize(of layer: Layer) -> Layer.MapSize {
        if layer.isLogits { return Layer.MapSize(height: 1, width: 1) }
        return layer.mapSize ?? Layer.MapSize(stride: layer.stride, height: height, width: width)
    }

    /// The layers that a text means, in the network's order: that of this very name, those of a selection, that of
    /// another name, those that a pattern matches; the first of these that there is. Empty if there is none.
    public func layers(meantBy text: String) -> [Layer] {
        if let layer = layers.first(where: { $0.name == text }) { return [layer] }
        if let selection = selections.first(where: { $0.name == text }) { return selection.layers }
        if let layer = others[text] { return [layer] }
        guard NamePattern.isPattern(text) else { return [] }
        return Self.layers(matching: NamePattern(text), of: layers, aliases: aliases)
    }

    /// Those of which one name matches, each once.
    static func layers(matching pattern: NamePattern, of layers: [Layer], aliases: [String: [String]]) -> [Layer] {
        layers.filter { layer in
            pattern.matches(layer.name) || aliases[layer.name]?.contains(where: pattern.matches) == true
        }
    }

    /// The deepest of these layers: an evaluator for it can give the outputs of all of them.
    public var deepestPerceptualLayer: Layer { perceptualLayers[perceptualLayers.count - 1] }
}
