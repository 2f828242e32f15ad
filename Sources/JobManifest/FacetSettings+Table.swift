extension FacetSettings: ManifestObject {
    static let definitionName = "facet"

    static let table = FieldTable<FacetSettings>(
        noun: "a facet", summary: "One starting image of the film and what keeps it from being noise.",
        fields: [
            Field(
                "name", .safeName,
                "Name in the film and of the picture's file. Default: what the facet does, as in \"total-variation\".",
                set: { $0.name = $1 }, get: { $0.name.isEmpty ? nil : $0.name }),
            Field(
                "parameterization", \.parameterization, .choice(),
                "What is optimised: the pixels, or a Fourier spectrum with decorrelated colours."),
            Field("steps", \.steps, .integer(1...100_000), "Number of optimisation steps."),
            Field(
                "optimizer", \.optimizer, .choice(),
                "\"sign\" is what the thesis' code ran (Adam that forgets its moments at every step): it gives blur, "
                    + "bilateral and transformed images their look."),
            Field("learningRate", \.learningRate, .number(0...10, isAboveMinimum: true), "Learning rate."),
            Field(
                "l1", \.l1, optional: ScheduleSettings.strength,
                "Strength of the L1 penalty at 224 px, constant or a schedule; scaled to other sizes by itself."),
            Field(
                "totalVariation", \.totalVariation, optional: ScheduleSettings.strength,
                "Strength of the total-variation penalty at 224 px, constant or a schedule; scaled to other sizes by "
                    + "itself."
            ),
            Field(
                "gaussianBlur", \.gaussianBlur, optional: GaussianBlurSettings.shape,
                "Blurs the image between the steps; pixel images only. {} is the thesis' blur."),
            Field(
                "bilateralFilter", \.bilateralFilter, optional: BilateralFilterSettings.shape,
                "Smooths the image between the steps, but not across edges; pixel images only. {} is the thesis' "
                    + "filter."
            ),
            Field(
                "transforms", \.transforms, optional: TransformSettings.shape,
                "Random transforms that the image has to withstand: a known schedule by name, or one's own."),
            Field(
                "transformsMoveImage", .boolean,
                "true: the image itself is transformed before each step, the thesis' way; pixel images only. false: it "
                    + "stays, and the gradient goes through the transform. Default: true for the \"thesis\" transforms "
                    + "of a pixel image, else false.",
                set: { $0.transformsMoveImage = $1 }, get: { $0.transforms == nil ? nil : $0.transformsMoveImage }),
            Field(
                "seed", \.seed, optional: .integer(0...UInt64.max), "Seed of this facet alone. Default: the job's seed."
            ),
        ],
        finish: { facet, reading, decoding in
            facet.settleTransforms(reading, decoding)
            facet.refuseFiltersOfFourierImages(reading, decoding)
            if reading.member("name") == nil { facet.name = facet.descriptiveName }
        })

    init(preset: Preset) {
        self = preset.facetDefaults
    }

    /// Sets what `transformsMoveImage` is where it is not said, and refuses it where it cannot be.
    private mutating func settleTransforms(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        let key = "transformsMoveImage"
        guard let member = reading.goodMember(key) else {
            transformsMoveImage = parameterization == .pixel && transforms == .named(.thesis)
            return
        }
        if transforms == nil, !reading.isBroken("transforms") {
            decoding.report(
                at: member.keyOffset, .key(key),
                message:
                    "expected \"transforms\" beside \"\(key)\", found no transforms: add them, or remove \"\(key)\"")
        } else if transformsMoveImage, parameterization == .fourier {
            decoding.report(
                at: member.value.range.lowerBound, .key(key),
                message: "expected false, found true in a Fourier facet, whose image cannot be moved: "
                    + "set it to false, or the parameterization to \"pixel\"")
        }
    }

    private func refuseFiltersOfFourierImages(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard parameterization == .fourier else { return }
        for key in ["gaussianBlur", "bilateralFilter"] {
            guard let member = reading.goodMember(key) else { continue }
            decoding.report(
                at: member.keyOffset, .key(key),
                message:
                    "expected \"\(key)\" in a pixel facet only, found it in a Fourier facet, whose spectrum it cannot "
                    + "change: remove it, or set the parameterization to \"pixel\"")
        }
    }
}
