/// What holds where a manifest says nothing. A new preset is a new value in `all`.
struct Preset: Sendable {
    let name: String
    let summary: String
    let image: ImageSettings
    /// The facets of a job that lists none.
    let facets: [FacetSettings]
    /// What a listed facet is where it says nothing; its name does not matter.
    let facetDefaults: FacetSettings
    let neb: NEBSettings
    let video: VideoSettings

    static let all: [Preset] = [.thesis]
    /// Of jobs that name none.
    static let `default` = thesis

    static let shape = Shape<String>.choice(all.map { ($0.name, $0.name) })

    static func named(_ name: String) -> Preset? {
        all.first { $0.name == name }
    }
}

extension Preset {
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
            FacetSettings(name: "fourier", parameterization: .fourier, transforms: .named(.lucid)),
        ],
        facetDefaults: FacetSettings(name: ""),
        // 20 pivots with 3 interpolations give the thesis' 83 images between two facets; its text says 18.
        neb: NEBSettings(
            pivots: 20, interpolations: 3, steps: 500, refinementSteps: 100, learningRate: 0.002, totalVariation: 5e-5),
        video: VideoSettings(framesPerSecond: 30, graph: true))
}
