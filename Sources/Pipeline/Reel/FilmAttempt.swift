import Records

/// Facets and the paths between them, made once, and what they are worth.
struct FilmAttempt: Sendable {
    let facets: [MeasuredFacet]
    let paths: [MeasuredPath]
    let frames: FrameSequence
    /// The paths' entries in the film's record, with their places in the film.
    let bands: [FilmRecord.BandEntry]
    let shortfalls: FilmRecord.Verdict
    var seconds: (facets: Double, bands: Double)

    init(facets: [MeasuredFacet], paths: [MeasuredPath], seconds: (facets: Double, bands: Double)) {
        self.facets = facets
        self.paths = paths
        self.seconds = seconds
        frames = FrameSequence(facets: facets.map(\.facet), paths: paths.map(\.path))
        var bands = paths.map(\.entry)
        for index in bands.indices {
            bands[index].lowestFrame = frames.lowestFrames[index]
            bands[index].lowestFrameReason = paths[index].path.saddleAbsence
        }
        self.bands = bands
        // Where darkness or brightness is what the unit responds to, a dark film shows it rightly.
        // The same of a film of a dark picture.
        let showsMeanColor = facets.contains { $0.showsMeanColor || $0.isPicture && Self.isBeyondBars($0) }
        shortfalls = FilmRecord.Verdict(
            of: bands, excusing: showsMeanColor ? [.brightnessMinimum, .brightnessMaximum] : [])
    }

    private static func isBeyondBars(_ facet: MeasuredFacet) -> Bool {
        let brightness = PathMeasures.brightness(facet.facet.image.pixels)
        return [Measure.Key.brightnessMinimum, .brightnessMaximum].contains {
            $0.measure.shortfall(brightness) ?? 0 > 0
        }
    }

    /// Images that the network has seen for it.
    var evaluations: Int {
        facets.reduce(0) { $0 + $1.facet.evaluations } + bands.reduce(0) { $0 + $1.evaluations }
    }

    /// Whether it is the better film: its worst shortfall is smaller, or it has none.
    func isBetter(than other: FilmAttempt) -> Bool {
        guard let worst = other.shortfalls.shortfalls.first else { return false }
        guard let own = shortfalls.shortfalls.first else { return true }
        return worst.isWorse(than: own)
    }

    /// What is to be said of the film beside its shortfalls.
    var remarks: [FilmRecord.Verdict.Remark] {
        var remarks: [FilmRecord.Verdict.Remark] = []
        if facets.contains(where: \.showsMeanColor) {
            remarks.append(
                .init(
                    kind: .meanColor,
                    text: "The mean colour is what the unit responds to: without it, it loses more than 15 % of its "
                        + "activation. So it was left to the facets, however dark or bright they become."))
        }
        let likeness = facets.compactMap(\.diversity?.likeness)
        if let least = likeness.min(), least > Self.alike {
            remarks.append(
                .init(
                    kind: .alike,
                    text: "The facets are pictures of the same thing: what they differed in, the unit did not reward "
                        + "(likeness \(Int((100 * least).rounded(.down))) % and more)."))
        }
        return remarks
    }

    /// Mean cosine of Gram matrices above which four facets look like one.
    private static let alike = 0.9
}
