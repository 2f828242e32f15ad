import Networks

/// The values that hold if a manifest gives none. A new preset is a new value in `all`.
struct Preset: Sendable {
    let name: String
    let summary: String
    let image: ImageSettings
    /// The facets of a job that lists none.
    let facets: [FacetSettings]
    /// The same for layers that see more than the whole image, and logits; nil: no others.
    var facetsOfObjects: [FacetSettings]?
    /// The defaults of a facet that a job lists; their name is not used.
    let facetDefaults: FacetSettings
    let neb: NEBSettings
    let video: VideoSettings

    static let all: [Preset] = [.standard, .draft, .classic, .thesis, .photograph]
    /// The preset of jobs that name none.
    static let `default` = standard

    static let shape = Shape<String>.choice(all.map { ($0.name, $0.name) })

    static func named(_ name: String) -> Preset? {
        all.first { $0.name == name }
    }

    /// The facets of a layer, for a job that lists none.
    func facets(of layer: Layer, in network: NetworkDescription) -> [FacetSettings] {
        let image = Double(max(network.height, network.width))
        let seesMore = layer.receptiveField.map { Double($0) > Self.objectView * image } ?? true
        return layer.isLogits || seesMore ? facetsOfObjects ?? facets : facets
    }

    /// How many images' sides a receptive field has from which on a unit stands for whole things. (Decided by a table and
    /// sheets of random units, Documentation/films.md: in MobileNetV2 it is the step from block_15, 427 pixels, to
    /// block_16, 491.)
    private static let objectView = 2.0
}

extension Preset {
    /// The best film that is known (METHODS "The better band").
    static let standard = Preset(
        name: "standard",
        summary:
            "Four diverse Fourier facets, joined in Fourier space under transforms by a band that is refined by levels and "
            + "played at an even pace.",
        image: ImageSettings(width: 224, height: 224),
        facets: [diverseFacets],
        facetsOfObjects: [objectFacets],
        facetDefaults: thesis.facetDefaults,
        neb: standardBand,
        video: VideoSettings(framesPerSecond: 30, graph: true))

    /// lucid's Fourier images.
    private static let diverseFacets = FacetSettings(
        name: "fourier", count: 4, diversity: 1, parameterization: .fourier, decorrelatesColors: true,
        meanColor: .guarded, steps: 256, transforms: .named(.lucid))

    /// Whole things where the others show thickets of their parts.
    private static let objectFacets: FacetSettings = {
        var facets = diverseFacets
        facets.transforms = .named(.narrowing)
        return facets
    }()

    /// `standard` with the same facets in every layer, as in the first edition.
    static let classic = Preset(
        name: "classic",
        summary: "The standard film with lucid's Fourier facets in every layer, also where units see whole things.",
        image: standard.image, facets: standard.facets, facetDefaults: standard.facetDefaults, neb: standardBand,
        video: standard.video)

    /// `standard` at about half the cost, with the same facets: it shows what a film will be like.
    static let draft: Preset = {
        var band = standardBand
        (band.pivots, band.levels, band.steps, band.extraSteps, band.interpolations) = (9, [4], 15, 0, 7)
        return Preset(
            name: "draft",
            summary: "The standard film with half the images in the band and fewer steps: about half of the work.",
            image: standard.image, facets: standard.facets, facetsOfObjects: standard.facetsOfObjects,
            facetDefaults: standard.facetDefaults, neb: band, video: standard.video)
    }()

    /// The cheapest schedule of Documentation/films.md whose films meet its bars with something to spare.
    private static let standardBand = NEBSettings(
        pivots: 19, levels: [4, 9], interpolations: 3, steps: 20, extraSteps: 240, space: .fourier,
        mix: .normPreserving, optimizer: .adam, learningRate: 0.12, transforms: .named(.lucid), stepControl: true,
        smoothing: 4, stop: .settled, retiming: true)

    /// From a photograph to the unit's own picture. Facets of an empty path are of the job's photograph.
    static let photograph = Preset(
        name: "photograph",
        summary:
            "From a photograph, over the same photograph with what the unit responds to in it brought out, a little and "
            + "much (\"nearness\"), to a Fourier facet of the unit alone; the standard film's band. Needs \"photograph\".",
        image: standard.image, facets: photographFacets(.named(.lucid)),
        facetsOfObjects: photographFacets(.named(.narrowing)), facetDefaults: standard.facetDefaults, neb: standardBand,
        video: standard.video)

    private static func photographFacets(_ transforms: TransformSettings) -> [FacetSettings] {
        // Looked at with photographs and units of block_4 to block_16: at .7 the photograph is all there, at 40 % of what
        // the unit reaches alone, at .2 its outlines are, at 80 %. At 1 (the source's), little is to be seen in some units.
        let accentuated = FacetSettings(
            name: "accentuated", from: "", nearness: 0.7, parameterization: .fourier, decorrelatesColors: true,
            steps: 128, transforms: .named(.lucid))
        var strongly = accentuated
        (strongly.name, strongly.nearness) = ("strongly-accentuated", 0.2)
        return [
            FacetSettings(name: "photograph", image: "", parameterization: .fourier, decorrelatesColors: true),
            accentuated, strongly,
            FacetSettings(
                name: "fourier", parameterization: .fourier, decorrelatesColors: true, meanColor: .guarded, steps: 256,
                transforms: transforms),
        ]
    }

    /// The thesis' film (chapters 3 and 4). Its penalties are divided by ten, since these weights give activations that
    /// are about ten times smaller.
    static let thesis = Preset(
        name: "thesis",
        summary: "Six facets of the thesis' regularisations and the pixel band of its algorithms 1 and 2.",
        image: ImageSettings(width: 224, height: 224),
        facets: [
            FacetSettings(name: "naive"),
            FacetSettings(name: "total-variation", totalVariation: .constant(3e-5)),
            FacetSettings(name: "gaussian-blur", steps: 1024, optimizer: .sign, gaussianBlur: .thesis),
            FacetSettings(name: "bilateral-filter", steps: 1024, optimizer: .sign, bilateralFilter: .thesis),
            FacetSettings(
                name: "transforms", optimizer: .sign, transforms: .named(.thesis), transformsMoveImage: true),
            FacetSettings(
                name: "fourier", parameterization: .fourier, decorrelatesColors: true, transforms: .named(.lucid)),
        ],
        facetDefaults: FacetSettings(name: ""),
        // 20 pivots with 3 interpolations give the thesis' 83 images between two facets; its text says 18.
        neb: NEBSettings(
            pivots: 20, interpolations: 3, steps: 500, refinementSteps: 100, learningRate: 0.002, totalVariation: 5e-5),
        video: VideoSettings(framesPerSecond: 30, graph: true))
}

extension NEBSettings {
    /// The band of the standard preset.
    public static let standard = Preset.standard.neb
}
