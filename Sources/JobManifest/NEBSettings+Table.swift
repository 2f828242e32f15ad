extension NEBSettings: ManifestObject {
    static let definitionName = "neb"

    static let table = FieldTable<NEBSettings>(
        noun: "an elastic band", summary: "The elastic band of images between two facets (thesis 4.3).",
        fields: [
            Field("pivots", \.pivots, .integer(1...200), "Images of the band between two facets."),
            Field(
                "levels", \.levels, .list(of: .integer(1...200), count: 0...8, "numbers of pivots"),
                "Numbers of pivots of coarser bands that run first, ascending, each below \"pivots\". Of the preset's, "
                    + "those that are not below \"pivots\" are left out."),
            Field(
                "interpolations", \.interpolations, .integer(0...16),
                "Images mixed in between two neighbours of the band."),
            Field(
                "steps", \.steps, .integer(0...100_000), "Most steps of each level; 0 leaves the plain cross-fade."),
            Field(
                "extraSteps", \.extraSteps, .integer(0...100_000),
                "Most further steps of the last level, taken as long as an image is more than 2 % below the line between "
                    + "its facets and steps bring something. Above 0, a path below its bars also takes up to three times as "
                    + "many steps as a level; needs stepControl."),
            Field(
                "refinementSteps", \.refinementSteps, .integer(0...100_000),
                "Most steps of the thesis' second run, which has all images as pivots; 0 leaves it out."),
            Field(
                "climbingSteps", \.climbingSteps, .integer(0...100_000),
                "Steps at the end in which the lowest pivot goes down along the path until it is the path's exact "
                    + "lowest place as the transforms see it, which the graph then marks if it is lower than both facets; "
                    + "0 leaves it out."),
            Field("space", \.space, .choice(), ParameterizationSettings.summary),
            Field(
                "mix", \.mix, .choice(),
                "How images between two others are made: linear, or so that each band of frequencies (of pixels: each "
                    + "channel) keeps its strength."),
            Field("optimizer", \.optimizer, .choice(), "plain: along the gradient itself. adam: Adam for each pivot."),
            Field("learningRate", \.learningRate, .number(0...10, isAboveMinimum: true), "Learning rate."),
            Field(
                "totalVariation", \.totalVariation, .number(0...1000),
                "Strength of the total-variation penalty at 224 px; scaled to other sizes by itself."),
            Field(
                "transforms", \.transforms, transforms,
                "Random transforms that all images of a path have to withstand, the same for all in one step."),
            Field(
                "transformsPerStep", \.transformsPerStep, .integer(1...16),
                "Of how many transforms a step takes the mean."),
            Field(
                "stepControl", \.stepControl, .boolean,
                "Whether images stay where they are once they have reached the activation of the line between their "
                    + "facets."),
            Field(
                "smoothing", \.smoothing, .integer(0...16),
                "Passes of [1/4, 1/2, 1/4] over the steps of neighbouring images."),
            Field(
                "tangent", \.tangent, .choice(),
                "Along which direction of the path images are not moved: towards the neighbour with the lower "
                    + "objective, from one neighbour to the other, or none."),
            Field(
                "freezing", \.freezing, optional: .number(0...1000),
                "Images above this multiple of the higher facet's activation are not moved."),
            Field(
                "stop", \.stop, .choice(),
                "When a level may end before its last step: once all images reach the lower facet, once all have settled "
                    + "at the line between their facets, or never."),
            Field(
                "retiming", \.retiming, .boolean,
                "Whether frames are spread so that steps look even, instead of evenly between the images of the band."),
        ],
        finish: { neb, reading, decoding in neb.settleLevels(reading, decoding) })

    init(preset: Preset) {
        self = preset.neb
    }

    /// Transforms, or the word "none", since a preset may have some.
    private static let transforms = Shape<TransformSettings?>.either(
        .choice([("none", nil)] + TransformSettings.Name.allCases.map { ($0.rawValue, .named($0)) }),
        ExplicitTransforms.shape.mapped(
            { .explicit($0) }, { if case .explicit(let transforms) = $0 { transforms } else { nil } }))

    /// Refuses levels of the manifest that do not ascend or are not below `pivots`; drops such levels of the preset.
    private mutating func settleLevels(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard let member = reading.goodMember("levels") else {
            levels.removeAll { [pivots] in $0 >= pivots }
            return
        }
        guard !reading.isBroken("pivots") else { return }
        for (index, count) in levels.enumerated() {
            let before = index > 0 ? levels[index - 1] : 0
            guard count <= before || count >= pivots else { continue }
            let place = count <= before ? " after \(before)" : ""
            decoding.report(
                at: member.value.elements[index].range.lowerBound, .key("levels"), .index(index),
                message: "expected ascending numbers below \"pivots\" (\(pivots)), found \(count)\(place)")
            return
        }
    }
}
