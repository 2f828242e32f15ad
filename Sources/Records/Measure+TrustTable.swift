extension Measure.Key {
    /// The rows of the trust report (Documentation/trust.md): whether the pictures say honestly what the unit is for. The
    /// bounds were set from films of random units, and from what one sees in them.
    var trustMeasure: Measure {
        switch self {
        case .alive:
            row(
                "alive", "share of noise that moves the unit", .higher, .percent, "Alive",
                "In {alive} of random noise the unit's gradient is not zero.", (0.3, 0.3, 0.3))
        // Means over the facets of what remains of the activation, counted from that of flat grey.
        case .survivesTransforms:
            row(
                "survives moving", "activation that survives moving the picture", .higher, .percent, "Survives moving",
                "Shifted, scaled and turned a little, the facets keep {survivesTransforms} of their activation.",
                (0.6, 0.4, 0.2))
        case .survivesBlur:
            row(
                "survives blur", "activation that survives a blur", .higher, .percent, "Survives a blur",
                "Blurred by one pixel they keep {survivesBlur}.", (0.6, 0.4, 0.2))
        case .survivesJPEG:
            row(
                "survives JPEG", "activation that survives JPEG", .higher, .percent, "Survives JPEG",
                "Written as JPEG of quality 75 they keep {survivesJPEG}.", (0.8, 0.6, 0.3))
        case .survivesShift:
            row(
                "survives a shift", "activation that survives a shift", .higher, .percent, "Survives a shift",
                "Shifted by 8 pixels they keep {survivesShift}.", (0.8, 0.6, 0.3))
        // The spread of ln(amplitude / photographs' amplitude) over rings of frequencies.
        case .spectrumDistance:
            row(
                "spectrum", "distance from the spectrum of photographs", .lower, .plain, "Natural spectrum",
                "Over the frequencies their spectrum departs from that of photographs by {spectrumDistance} (in "
                    + "logarithms). One in two photographs departs by less than 0.3, white noise by 1.5.",
                (0.6, 1, 1.4))
        // Mean cosines of features.
        case .seedAgreement:
            row(
                "seeds agree", "likeness of facets from another seed", .higher, .plain, "Another seed agrees",
                "A facet from another seed is as like them as {seedAgreement}, where 1 is the same thing to the network.",
                (0.7, 0.5, 0.3))
        case .parameterizationAgreement:
            row(
                "phases agree", "likeness of a facet made of phases alone", .higher, .plain, "Another method agrees",
                "A facet of which only the phases were free, its spectrum that of photographs, is as like them as "
                    + "{parameterizationAgreement}.",
                (0.6, 0.4, 0.25))
        case .clarity:
            row(
                "clarity", "likeness of the facets to each other", .higher, .plain, "One thing",
                "The facets are as like each other as {clarity}: near 1 they show one thing, near 0 several.", nil)
        case .polysemanticity:
            row(
                "several things", "distance between two groups of facets", .lower, .plain, "Or several",
                "In the two groups that part them best, the groups are {polysemanticity} apart, where 0 is the same.",
                nil)
        case .photographAUC:
            row(
                "above photographs", "frames above photographs", .higher, .percent, "Above photographs",
                "A frame excites the unit more than a photograph in {photographAUC} of pairs.", (0.99, 0.9, 0.75))
        case .photographDistance:
            row(
                "distance", "distance from photographs", .higher, .plain, "How far above",
                "On average by {photographDistance} standard deviations of the photographs.", nil)
        case .overDrive:
            row(
                "over-drive", "over-drive", .lower, .times, "Over-drive",
                "Counted from the mean of all photographs, the frames excite it {overDrive} times as much as the best one: far "
                    + "beyond 2 to 3 a picture lies off the data.",
                (3, 8, 20))
        case .filmScore:
            row(
                "film score", "machine interpretability of the film", .higher, .plain, "Tells photographs apart",
                "By its likeness to the film, and to facets of other units, a machine tells photographs that excite the "
                    + "unit from photographs that do not: score {filmScore}, where 0.5 is a guess.",
                nil)
        case .filmShare:
            row(
                "right choices", "photographs told apart by the film", .higher, .percent, "Right choices",
                "It is right in {filmShare} of the choices; people are with photographs in 92 %.",
                (0.9, 0.7, -.infinity))
        case .naturalRoute:
            row(
                "route", "natural route", .higher, .plain, "Takes the route of photographs",
                "In the unit's layer the film excites the same units as photographs that excite it: {naturalRoute}, where 0 "
                    + "is any photograph and 1 is one of those.",
                (0.5, 0, -.infinity))
        case .causalOcclusion:
            row(
                "occlusion", "occlusions predicted", .higher, .percent, "Tells where it matters",
                "Of two places in a photograph the one that looks more like the film is the one that the unit misses "
                    + "more, in {causalOcclusion} of pairs.",
                (0.7, 0.45, -.infinity))
        default: preconditionFailure("\(rawValue) is no row of the trust report")
        }
    }

    private func row(
        _ short: String, _ words: String, _ better: Measure.Direction, _ format: Measure.Format, _ title: String,
        _ sentence: String, _ bounds: (a: Double, b: Double, c: Double)?
    ) -> Measure {
        Measure(
            key: self, scope: .trust, short: short, words: words, better: better, format: format, bar: bounds?.b,
            trust: Measure.Trust(
                title: title, sentence: sentence,
                bounds: bounds.map { Measure.Trust.Bounds(a: $0.a, b: $0.b, c: $0.c) }))
    }
}
