import JSON
import Networks

/// One set of settings for the same units of one or several layers. It is complete: nothing is left to a preset.
///
/// If "all" in the manifest means different units in different layers, one job of the manifest becomes several of
/// these.
public struct Job: Sendable, Equatable, Codable {
    /// Can be the name of a folder.
    public var name: String
    /// The preset that filled in what the manifest did not say.
    public var preset: String
    /// With an absolute path, if it is no name.
    public var network = NetworkReference.standard
    public var layers: [String]
    /// The units of each of the layers; ascending for "all" and ranges.
    public var units: [Int]
    public var objective = ObjectiveSettings.channel
    public var seed: UInt64
    public var image: ImageSettings
    /// In the order of the film; a set of several counts as one, and there are at least two facets in all.
    public var facets: [FacetSettings]
    public var neb: NEBSettings
    public var video: VideoSettings
    /// Nil: films are held against none.
    public var pictures: PicturesSettings?
    /// Whether films get a report of how far they can be trusted.
    public var trust = true
    /// Whether the facets' PNGs are transparent where the unit does not look.
    public var transparentFacets = false

    /// One film for each unit of each layer, in their order.
    public func reels() -> [Reel] {
        layers.flatMap { layer in
            units.map { unit in
                Reel(
                    name: name, preset: preset, network: network, layer: layer, unit: unit, objective: objective,
                    seed: seed,
                    image: image, facets: facets, neb: neb, video: video, pictures: pictures, trust: trust,
                    transparentFacets: transparentFacets)
            }
        }
    }
}

extension Job: ManifestValue {
    /// The job as an object of a manifest. It has only names and lists: what "all" means is not known without the
    /// network.
    static let shape = JobDraft.shape.mapped({ Job($0) }, { JobDraft($0) }).checked { job, node, decoding in
        guard job.layers.isEmpty || job.units.isEmpty else { return }
        decoding.report(
            at: node.range.lowerBound,
            message: "expected layers by name and units by number, found others")
    }

    var json: JSONValue {
        JobDraft(self).json
    }

    private init(_ draft: JobDraft) {
        let layers: [String] =
            switch draft.layers {
            case .one(let name): [name]
            case .several(let names): names
            case nil: []
            }
        let units: [Int] =
            switch draft.units {
            case .one(let unit): [unit]
            case .several(let units): units
            case .range(let range): Array(range)
            case .all, .labelled, nil: []
            }
        self.init(draft, layers: layers, units: units)
    }

    init(_ draft: JobDraft, layers: [String], units: [Int]) {
        self.init(
            name: draft.name, preset: draft.preset, network: draft.network, layers: layers, units: units,
            objective: draft.objective,
            seed: draft.seed, image: draft.image, facets: draft.facets, neb: draft.neb, video: draft.video,
            pictures: draft.pictures, trust: draft.trust, transparentFacets: draft.transparentFacets)
    }
}

extension JobDraft {
    init(_ job: Job) {
        self.init(
            name: job.name, network: job.network,
            layers: job.layers.count == 1 ? .one(job.layers[0]) : .several(job.layers),
            units: job.units.count == 1 ? .one(job.units[0]) : .several(job.units), objective: job.objective,
            preset: job.preset, seed: job.seed, image: job.image, facets: job.facets, neb: job.neb, video: job.video,
            pictures: job.pictures, trust: job.trust, transparentFacets: job.transparentFacets)
    }
}
