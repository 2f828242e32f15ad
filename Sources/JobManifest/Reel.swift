import JSON
import Networks

/// One film: one unit of one layer and every setting of its job.
public struct Reel: Sendable, Equatable, Codable {
    public var name: String
    public var preset: String
    /// With an absolute path, if it is no name.
    public var network = NetworkReference.standard
    public var layer: String
    /// Counted from 0.
    public var unit: Int
    public var objective = ObjectiveSettings.channel
    public var seed: UInt64
    public var image: ImageSettings
    /// In the order of the film; a set of several counts as one, and there are at least two facets in all.
    public var facets: [FacetSettings]
    public var neb: NEBSettings
    public var video: VideoSettings
    /// Nil: the film is held against none.
    public var pictures: PicturesSettings?
    /// Whether the film gets a report of how far it can be trusted.
    public var trust = true
    /// Whether the facets' PNGs are transparent where the unit does not look.
    public var transparentFacets = false

    /// Where the film lies under the output folder: "<name>/<layer>/<unit>", a layer's slashes as `_`. No two reels of a run share one.
    public var folder: String {
        "\(name)/\(FolderName.of(layer))/\(unit)"
    }

    /// Whether the band is its preset's as it stands. One with fewer images or steps is a trial.
    public var hasBandOfPreset: Bool { Preset.named(preset)?.neb == neb }

    /// The job of this one film.
    public var job: Job {
        Job(
            name: name, preset: preset, network: network, layers: [layer], units: [unit], objective: objective,
            seed: seed, image: image,
            facets: facets, neb: neb, video: video, pictures: pictures, trust: trust,
            transparentFacets: transparentFacets)
    }
}

extension Reel: ManifestValue {
    /// The job of this one film, as a manifest says it.
    static let shape = Job.shape.checked { job, node, decoding in
        guard job.layers.count != 1 || job.units.count != 1 else { return }
        decoding.report(
            at: node.range.lowerBound,
            message: "expected one layer by name and one unit by number, found another number")
    }.mapped({ $0.reels()[0] }, { $0.job })

    var json: JSONValue {
        job.json
    }
}
