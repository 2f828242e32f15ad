import ConvNet
import FeatureVisualization
import JobManifest
import Networks
import Records

/// One reel of a run and what it is rendered with: what its stages share.
struct ReelTask: Sendable {
    let reel: Reel
    /// Its place among the reels of the run.
    let index: Int
    let context: RenderContext
    /// The reel's network, held as long as the reel is rendered.
    let network: Network
    let networkDigest: String

    /// - Throws: `NetworkError` where the network cannot be opened.
    init(reel: Reel, index: Int, context: RenderContext) throws(NetworkError) {
        self.reel = reel
        self.index = index
        self.context = context
        network = try context.networks.network(reel.network)
        networkDigest = try context.networks.digest(of: reel.network)
    }

    /// The same reel with the facets of another seed, for a film that has missed its bars; nil where a film is what its
    /// manifest says and no better: where it names pictures or seeds of its facets, changes the preset's band, or that
    /// takes no further steps.
    var withOtherFacets: ReelTask? {
        let facets = reel.facets
        guard reel.hasBandOfPreset, reel.neb.stepControl, reel.neb.extraSteps > 0,
            facets.allSatisfy({ $0.image == nil && $0.seed == nil })
        else { return nil }
        var other = reel
        for index in facets.indices { other.facets[index].seed = reel.seed &+ Self.otherSeed }
        return ReelTask(other, like: self)
    }

    /// What is added to the seed of a reel whose facets are made anew: far from the seeds that people choose.
    private static let otherSeed: UInt64 = 0x9E37_79B9_7F4A_7C15

    private init(_ reel: Reel, like other: ReelTask) {
        self.reel = reel
        (index, context, network, networkDigest) = (other.index, other.context, other.network, other.networkDigest)
    }

    /// The transforms of robust activations are the same for every film, so that films can be compared.
    static let robustSeed: UInt64 = 0

    var height: Int { reel.image.height }
    var width: Int { reel.image.width }
    /// The shape of an image, and of its pixels as a tensor.
    var imageShape: [Int] { [height, width, Image.channelCount] }

    var keys: StageKeys {
        StageKeys(
            reel: reel, networkDigest: networkDigest,
            perceptualLayers: network.description.perceptualLayers.map(\.name),
            nearnessLayer: objective.nearnessLayer)
    }

    /// The label of the class that the unit stands for, if it has one.
    var label: String? { network.description.label(ofUnit: reel.unit, layer: reel.layer) }

    /// What the film is of, for its record.
    var subject: FilmRecord.Subject {
        let layers = network.description.layers
        let place = layers.firstIndex { $0.name == reel.layer }
        return FilmRecord.Subject(
            network: FilmRecord.Network(reel.network, network.description, digest: networkDigest),
            label: label,
            depth: place.map {
                FilmRecord.Depth(
                    place: $0, stage: layers[$0].stage, receptiveField: layers[$0].receptiveField)
            })
    }

    /// What the reel's images maximise.
    var objective: ImageObjective {
        ImageObjective(
            Objective(reel.objective, unit: reel.unit), layer: reel.layer, of: network, height: height,
            width: width, stop: context.pool.stop)
    }

    /// The activation of a flat grey image: what the unit gives where there is nothing to see. Ratios, margins and
    /// weights count from it, since a unit that is negative everywhere has a height to lose, too.
    /// - Throws: `FacetError` if it is not finite.
    func baseline(on worker: Worker) throws -> Double {
        let value = try objective.activation(on: worker).activation(of: Image(height: height, width: width))
        guard value.isFinite else {
            throw FacetError.notFinite(what: "activation", stage: "flat grey", step: 0, seed: reel.seed)
        }
        return Double(value)
    }

    var robustActivation: RobustActivation {
        RobustActivation(seed: Self.robustSeed, height: height, width: width)
    }

    /// Adds up the progress of a stage's parts.
    func tracker(_ stage: Stage, limits: [Int], isExact: Bool) -> StageTracker {
        StageTracker(stage, reel: index, limits: limits, isExact: isExact, reporter: context.progress)
    }
}
