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
                "count", .integer(2...16),
                "A set of so many facets, optimised together so that they differ; \"name-1\", \"name-2\" and so on. "
                    + "The first is left free, the others keep away from it and from each other. Default: a single "
                    + "facet.",
                set: { $0.count = $1 }, get: { $0.count > 1 ? $0.count : nil }),
            Field(
                "diversity", .number(0...10),
                "Of a set: how hard its facets keep away from each other, relative to their activation; it gives way "
                    + "for a facet that falls below three quarters of the free one's activation. Default: 1.",
                set: { $0.diversity = $1 }, get: { $0.count > 1 ? $0.diversity : nil }),
            Field(
                "image", .filePath,
                "A picture's file (JPEG, PNG, WebP and what else FFmpeg reads; relative to the manifest) that is the "
                    + "facet, its middle cut to the image's proportions and scaled to its size; nothing is optimised. What "
                    + "is transparent is laid on mid grey. Photographs are turned as EXIF says, but for PNGs; gamma and "
                    + "colour profiles (ICC) are not applied: do that before.",
                set: { $0.image = $1 }, get: { $0.image }),
            Field(
                "from", \.from, optional: .filePath,
                "A picture's file, read as that of \"image\", at which the optimisation starts instead of at random noise; "
                    + "in a set, all facets but the first start at it with a little noise added. Default: random noise."
            ),
            Field(
                "nearness", .number(0...100),
                "Of a single facet with \"from\": how hard it is held near that picture, in the network's own features, "
                    + "relative to the unit's pull: 1 is as hard as that, 0 not at all. Default: 0.",
                set: { $0.nearness = $1 > 0 ? $1 : nil }, get: { $0.nearness }),
            Field(
                "until", \.until, optional: .number(-1e9...1e9),
                "Of a single facet with \"from\": the activation at which it is finished, looked at every four steps; "
                    + "\"steps\" is then the most that it takes. Default: all steps are taken."),
            Field(
                "sha256", \.sha256, optional: .sha256,
                "The picture's SHA-256; another picture is an error. Default: any picture. It makes no other film, and a "
                    + "film's page gives it in the manifest that makes the film again."),
            Field(
                "parameterization", \.parameterization, .choice(),
                ParameterizationSettings.summary
                    + " An \"image\" is taken as such a one shows it: by a spectrum with black "
                    + "and white within 2 %, where a band of spectra can begin without a leap."),
            Field(
                "decorrelatesColors", .boolean,
                "true: what is optimised stands for decorrelated colours, through a sigmoid; filters and moved images "
                    + "need it false. Default: true for \(ParameterizationSettings.decorrelatingFacets), else false.",
                set: { $0.decorrelatesColors = $1 },
                get: { $0.decorrelatesColors == $0.parameterization.decorrelatesColors ? nil : $0.decorrelatesColors }),
            Field(
                "spectrum", .choice(),
                "Of a Fourier facet: how fast its frequencies grow. inverse: 1/f, crisp (lucid's). natural: as they are in "
                    + "photographs, calmer, and more of it survives a blur. Default: inverse.",
                set: { $0.spectrum = $1 }, get: { $0.spectrum == .inverse ? nil : $0.spectrum }),
            Field(
                "meanColor", .choice(),
                "Of a Fourier facet: what becomes of its mean colour. free: it follows the unit, into the dark too. "
                    + "guarded: free until the image's brightness leaves .3 to .7 of white, then mid grey, unless the "
                    + "unit loses more than 15 % by it, since then that colour is what it responds to. grey: mid grey. "
                    + "Default: guarded for a set of Fourier facets that starts at no picture, else free.",
                set: { $0.meanColor = $1 }, get: { $0.meanColor == $0.defaultMeanColor ? nil : $0.meanColor }),
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
                "adaptiveTotalVariation", \.adaptiveTotalVariation, optional: ScheduleSettings.strength,
                "Strength of the total variation's gradient relative to the activation's (each divided by its standard "
                    + "deviation): the same for every layer and size; .1 to .3 work, 1 is grey."),
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
        rules: [
            .excludes(
                "image", "from", "count", "diversity", "decorrelatesColors",
                "spectrum",
                "meanColor",
                "steps", "optimizer",
                "learningRate", "l1", "totalVariation", "adaptiveTotalVariation", "gaussianBlur", "bilateralFilter",
                "transforms", "transformsMoveImage", "seed"),
            .needs("sha256", "image", or: "from"),
            .needs("nearness", "from"),
            .needs("until", "from"),
            // A set has its first facet for a measure, which is free.
            .excludes("count", "nearness", "until"),
        ],
        isWritten: { facet, key in
            facet.image == nil || ["name", "image", "sha256"].contains(key)
                || key == "parameterization" && facet.parameterization != .pixel
        },
        finish: { facet, reading, decoding in
            facet.settleSet(reading, decoding)
            if reading.member("decorrelatesColors") == nil {
                facet.decorrelatesColors = facet.parameterization.decorrelatesColors
            }
            facet.settleSpectrum(reading, decoding)
            facet.settleTransforms(reading, decoding)
            facet.refuseMovedViews(reading, decoding)
            facet.refuseMovedNearness(reading, decoding)
            facet.refuseFiltersWithoutPixels(reading, decoding)
            if reading.member("name") == nil { facet.name = facet.descriptiveName }
        })

    init(preset: Preset) {
        self = preset.facetDefaults
    }

    /// Gives a set the default diversity if the manifest gives none, and refuses a diversity for a single facet.
    private mutating func settleSet(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard let member = reading.member("diversity") else {
            diversity = count > 1 ? 1 : 0
            return
        }
        guard reading.member("count") == nil else { return }
        decoding.report(
            at: member.keyOffset, .key("diversity"),
            message: "expected \"count\" beside \"diversity\", found a single facet: say how many the set has")
    }

    /// The pixels themselves are what is optimised, so that filters and transforms can act on them.
    private var optimizesPixels: Bool { parameterization.isPixels && !decorrelatesColors }

    /// An image that is itself made its own part, step by step, would be enlarged without end.
    private func refuseMovedViews(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard transformsMoveImage, transforms?.hasViews == true,
            let member = reading.goodMember("transformsMoveImage")
        else { return }
        decoding.report(
            at: member.value.range.lowerBound, .key("transformsMoveImage"),
            message: "expected false beside transforms with views, found true: views are shown to the network, and the "
                + "image stays")
    }

    /// An image that is itself moved, step by step, leaves its picture for no reason of the unit's.
    private func refuseMovedNearness(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard transformsMoveImage, nearness != nil, let member = reading.goodMember("nearness") else { return }
        decoding.report(
            at: member.keyOffset, .key("nearness"),
            message: "expected \"nearness\" in a facet whose image stays where it is, found it in one whose image is "
                + "moved by transforms: set transformsMoveImage to false")
    }

    /// What holds where a manifest says nothing.
    private var defaultMeanColor: MeanColorSettings {
        parameterization == .fourier && count > 1 && from == nil ? .guarded : .free
    }

    /// Sets what only spectra have, and refuses it for a facet that has none.
    private mutating func settleSpectrum(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        if parameterization == .fourier {
            if reading.member("meanColor") == nil { meanColor = defaultMeanColor }
            return
        }
        (spectrum, meanColor) = (.inverse, .free)
        guard !reading.isBroken("parameterization") else { return }
        for key in ["spectrum", "meanColor"] {
            guard let member = reading.goodMember(key) else { continue }
            decoding.report(
                at: member.keyOffset, .key(key),
                message: "expected \"\(key)\" in a Fourier facet only, found it in a \(parameterization.facetNoun): "
                    + "remove it, or set the parameterization to \"fourier\"")
        }
    }

    /// Sets `transformsMoveImage` if the manifest does not, and refuses it for a facet that cannot have it.
    private mutating func settleTransforms(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        let key = "transformsMoveImage"
        guard let member = reading.goodMember(key) else {
            transformsMoveImage = optimizesPixels && transforms == .named(.thesis)
            return
        }
        if transforms == nil, !reading.isBroken("transforms") {
            decoding.report(
                at: member.keyOffset, .key(key),
                message:
                    "expected \"transforms\" beside \"\(key)\", found no transforms: add them, or remove \"\(key)\"")
        } else if transformsMoveImage, !optimizesPixels {
            decoding.report(
                at: member.value.range.lowerBound, .key(key),
                message: "expected false, found true in a \(unmovableNoun), whose image cannot be moved: "
                    + "set it to false, or \(pixelRemedy)")
        }
    }

    private func refuseFiltersWithoutPixels(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard !optimizesPixels else { return }
        for key in ["gaussianBlur", "bilateralFilter"] {
            guard let member = reading.goodMember(key) else { continue }
            decoding.report(
                at: member.keyOffset, .key(key),
                message:
                    "expected \"\(key)\" in a pixel facet only, found it in a \(unmovableNoun), whose parameters it "
                    + "cannot change: remove it, or set \(pixelRemedy)")
        }
    }

    private var unmovableNoun: String {
        parameterization.isPixels ? "facet of decorrelated colours" : parameterization.facetNoun
    }

    private var pixelRemedy: String {
        parameterization.isPixels ? "decorrelatesColors to false" : "the parameterization to \"pixel\""
    }
}
