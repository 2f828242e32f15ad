extension Measure {
    /// Keys in film.json.
    public enum Key: String, CodingKey, CaseIterable, Sendable {
        case minimumRatio, robustMinimum, robustMean, contrastMinimum, totalVariationMinimum, totalVariationMaximum
        case featureStepRatio, featureStepVariation, flicker, blurMinimum, jpegMinimum
        case robustMinimumRatio, brightnessMinimum, brightnessMaximum, climb, contrastLowest
        case activation, robustActivation
        // Of the trust report (Measure+TrustTable.swift).
        case alive, survivesTransforms, survivesBlur, survivesJPEG, survivesShift, spectrumDistance
        case seedAgreement, parameterizationAgreement, clarity, polysemanticity
        case photographAUC, photographDistance, overDrive, filmScore, filmShare, naturalRoute, causalOcclusion
    }

    public static let all = Key.allCases.map(\.measure)
    public static let ofPaths = all.filter { $0.scope == .path }
    static let ofFacets = all.filter { $0.scope == .facet }
    /// The rows of the trust report, in its order.
    public static let ofTrust = all.filter { $0.scope == .trust }

    /// The measure that stands for a film if no other one is remarkable.
    public static let main = Key.robustMinimum
    /// The main measure, then the others.
    public static let byRank = [main.measure] + ofPaths.filter { $0.key != main }
}

extension Measure.Key {
    /// The key's row of the table.
    public var measure: Measure {
        switch self {
        // The lowest activation of all frames, divided by that of the lower facet.
        case .minimumRatio:
            Measure(
                key: self, short: "lowest", words: "lowest activation", better: .higher, format: .percent, bar: 0.98,
                isDip: true, places: [.comparison, .pathTable, .comparePage],
                entry: Measure.Entry(
                    title: "Lowest activation",
                    sentence: """
                        No frame excites the unit less than {minimumRatio} as much as the weaker facet beside it. The \
                        thesis’ films reach 64 to 100 %, much of it by noise that nobody sees.
                        """,
                    typical: 0.64...1, typicalText: "thesis: 64 to 100 %", scale: 0...1.1))
        // Activation under transforms, relative to the line between those of the two facets: the lowest value.
        case .robustMinimum:
            Measure(
                key: self, short: "robust", words: "robust activation", better: .higher, format: .percent, bar: 0.95,
                isDip: true, places: [.comparison, .pathTable, .comparePage],
                entry: Measure.Entry(
                    title: "Robust activation",
                    sentence: """
                        Between facets the images keep at least {robustMinimum} of the activation that survives \
                        shifting, scaling and turning them. A plain cross-fade keeps 19 to 85 %.
                        """,
                    typical: 0.19...0.85, typicalText: "cross-fade: 19 to 85 %", scale: 0...1.1),
                sorting: Measure.Sorting(name: "robust", words: "robustness, lowest first"))
        // The same: the mean value.
        case .robustMean:
            Measure(
                key: self, short: "robust mean", words: "mean robust activation", better: .higher, format: .percent)
        // Standard deviation of the pixels, relative to the line between those of the two facets: the lowest value.
        case .contrastMinimum:
            Measure(
                key: self, short: "contrast", words: "contrast", better: .higher, format: .percent, bar: 0.97,
                places: [.comparison, .pathTable, .comparePage],
                entry: Measure.Entry(
                    title: "Contrast",
                    sentence: """
                        The palest frame has {contrastMinimum} of the facets’ contrast. A cross-fade turns grey in the \
                        middle: 70 to 79 %.
                        """,
                    typical: 0.70...0.79, typicalText: "cross-fade: 70 to 79 %", scale: 0...1.1))
        // Total variation, relative to the line between those of the two facets: the lowest and the highest value.
        case .totalVariationMinimum:
            Measure(
                key: self, short: "least variation", words: "least total variation", better: .higher, format: .percent)
        case .totalVariationMaximum:
            Measure(
                key: self, short: "most variation", words: "most total variation", better: .lower, format: .percent)
        // The longest perceptual step from frame to frame, divided by the shortest.
        case .featureStepRatio:
            Measure(
                key: self, short: "step max/min", words: "step max/min", better: .lower, format: .times, bar: 1.15,
                places: [.comparison, .pathTable, .comparePage],
                entry: Measure.Entry(
                    title: "Even motion",
                    sentence: """
                        The largest change from frame to frame, as the network sees it, is {featureStepRatio} times the \
                        smallest. The thesis’ films hurry and linger: 2 to 8.7 times.
                        """,
                    typical: 2...8.7, typicalText: "thesis: 2 to 8.7×", scale: 1...10))
        // The standard deviation of these steps, divided by their mean.
        case .featureStepVariation:
            Measure(key: self, short: "step variation", words: "step variation", better: .lower)
        case .flicker:
            Measure(
                key: self, short: "flicker", words: "flicker", better: .lower,
                places: [.comparison, .pathTable, .comparePage],
                entry: Measure.Entry(
                    title: "Flicker",
                    sentence: """
                        {flicker}, where 0 is straight ahead and 1 is back and forth. The thesis’ films reach 0.3.
                        """,
                    typical: 0.2...0.31, typicalText: "thesis: up to 0.3", scale: 0...1),
                sorting: Measure.Sorting(name: "flicker", words: "flicker, most first"))
        // Activation after a gaussian blur of 1 pixel, and after JPEG of quality 75, relative to the line between those
        // of the two facets: the lowest values. No objective optimises these measures.
        case .blurMinimum:
            Measure(
                key: self, short: "blur", words: "activation after blur", better: .higher, format: .percent,
                entry: Measure.Entry(
                    title: "After blur and JPEG", with: [.jpegMinimum],
                    sentence: """
                        A blur of one pixel leaves {blurMinimum}, JPEG of quality 75 leaves {jpegMinimum}: changes that \
                        no part of the renderer knows. The thesis’ band keeps 45 and 61 %.
                        """,
                    typical: 0.45...0.61, typicalText: "thesis: 45 and 61 %", scale: 0...1.1))
        case .jpegMinimum:
            Measure(key: self, short: "JPEG", words: "activation after JPEG", better: .higher, format: .percent)
        // The lowest activation under transforms, divided by that of the lower facet.
        case .robustMinimumRatio:
            Measure(
                key: self, short: "robust lowest", words: "lowest robust activation", better: .higher, format: .percent)
        // The mean of all values of a frame, black 0 and white 1: the darkest frame's and the brightest one's.
        case .brightnessMinimum:
            Measure(key: self, short: "darkest", words: "darkest frame", better: .higher, format: .percent, bar: 0.2)
        case .brightnessMaximum:
            Measure(key: self, short: "brightest", words: "brightest frame", better: .lower, format: .percent, bar: 0.8)
        // The highest activation of all frames, divided by that of the higher facet: 1 where the facets are the top.
        case .climb:
            Measure(key: self, short: "climb", words: "highest activation", better: .lower, format: .times)
        // Standard deviation of a frame's values, black 0 and white 1: the palest frame's.
        case .contrastLowest:
            Measure(key: self, short: "palest", words: "contrast of the palest frame", better: .higher)
        case .activation:
            Measure(
                key: self, scope: .facet, short: "activation", words: "activation", better: .higher,
                tolerance: .relative, places: .comparison)
        // Mean activation under a fixed set of random transforms.
        case .robustActivation:
            Measure(
                key: self, scope: .facet, short: "robust", words: "activation under transforms", better: .higher,
                tolerance: .relative, places: .comparison)
        case .alive, .survivesTransforms, .survivesBlur, .survivesJPEG, .survivesShift, .spectrumDistance,
            .seedAgreement, .parameterizationAgreement, .clarity, .polysemanticity, .photographAUC,
            .photographDistance, .overDrive, .filmScore, .filmShare, .naturalRoute, .causalOcclusion:
            trustMeasure
        }
    }
}
