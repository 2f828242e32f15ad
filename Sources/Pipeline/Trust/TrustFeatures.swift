import ConvNet
import FeatureVisualization
import Networks
import Records

/// What images of a report do to every unit of some layers, as it is known of photographs.
struct TrustFeatures {
    /// Layers in the network's order: those that are known of photographs, and the last one that has places.
    let layers: [String]
    private let counts: [Int]
    private let last: String
    private var means: [[Float]] = []
    // Places in `means`.
    let facets: Range<Int>
    /// Facets, and images between them.
    let frames: Range<Int>
    let hasRecipe: Bool
    let otherSeed: Int?
    let phases: Int?
    let otherUnits: Range<Int>
    /// Flat grey.
    let grey: Int

    var count: Int { means.count }

    fileprivate init(
        _ layers: [Layer], last: String, facets: Int, frames: Int, _ quick: QuickFacets, means: [[Float]]
    ) {
        self.layers = layers.map(\.name)
        counts = layers.map(\.unitCount)
        self.last = last
        self.means = means
        self.facets = 0..<facets
        self.frames = 0..<frames
        hasRecipe = quick.hasRecipe
        otherSeed = quick.otherSeed.map { _ in frames }
        let next = frames + (quick.otherSeed == nil ? 0 : 1)
        phases = quick.phases.map { _ in next }
        let first = next + (quick.phases == nil ? 0 : 1)
        otherUnits = first..<first + quick.otherUnits.count
        grey = otherUnits.upperBound
    }

    /// Means of a layer's units over their maps.
    func means(of image: Int, layer name: String) -> [Double] {
        guard let place = layers.firstIndex(of: name) else { preconditionFailure("the layer was looked at") }
        let first = counts[..<place].reduce(0, +)
        return means[image][first..<first + counts[place]].map { Double($0) }
    }

    /// The features by which images are compared: means of the last layer that has places.
    func features(of image: Int) -> [Double] { means(of: image, layer: last) }
}

extension TrustStage {
    /// Frames between facets that are looked at, on each path.
    private static let framesOfPath = 2

    /// The last layer that has places.
    private var lastLayer: Layer {
        let description = network.description
        return description.layers.last { layer in
            let size = description.mapSize(of: layer)
            return !layer.isLogits && size.height * size.width > 1
        } ?? description.deepestPerceptualLayer
    }

    /// Shows all images of the report to the network.
    func features(_ quick: QuickFacets, on worker: Worker) throws -> TrustFeatures {
        let last = lastLayer
        let known = photographs?.record.layers.compactMap { network.description.layer($0.name) } ?? []
        let layers = network.description.ordered(known + [last])
        var images = facets.map(\.facet.image)
        if isHeldAgainstPhotographs { images += between.map { Image(frames.images[$0]) } }
        let frameCount = images.count
        images += [quick.otherSeed, quick.phases].compactMap(\.self) + quick.otherUnits
        images.append(Image(height: task.height, width: task.width))
        let seen = images.map(atNetworksSize)
        let names = layers.map(\.name)
        let means = try pool.parallel(seen.count, on: worker) { index, worker in
            let evaluator = try forwardEvaluator(layers: names, on: worker)
            return try evaluator.summaries(of: seen[index], layers: names).means
        }
        return TrustFeatures(
            layers, last: last.name, facets: facets.count, frames: frameCount, quick, means: means)
    }

    /// The places of frames between facets, evenly spread along each path.
    private var between: [Int] {
        zip(frames.facetFrames, frames.facetFrames.dropFirst()).flatMap { first, last -> [Int] in
            (1...Self.framesOfPath).map { first + (last - first) * $0 / (Self.framesOfPath + 1) }
                .filter { $0 > first && $0 < last }
        }
    }

    /// This worker's evaluator for some layers at the network's own size.
    func forwardEvaluator(layers: [String], on worker: Worker) throws -> Evaluator {
        let (height, width) = (network.description.height, network.description.width)
        return try worker.scratch(for: "trust \(ObjectIdentifier(network)) \(layers.joined(separator: " "))") {
            try Evaluator(
                network: network, layer: layers[layers.count - 1], height: height, width: width, taps: layers,
                isForwardOnly: true)
        }
    }
}
