import ConvNet
import FeatureVisualization
import Film
import Foundation
import JobManifest
import Records
import Trust

extension TrustStage {
    /// So many of the photographs that excite the unit most, and least, stand for all of their kind.
    private static let kindCount = 9
    /// Photographs that stand for any.
    private static let anyCount = 24

    /// What photographs say of the film.
    /// - Parameter column: the unit's among the photographs' activations.
    func reportOnPhotographs(
        _ before: Findings, _ images: TrustFeatures, _ photographs: PhotographSet, column: Int, on worker: Worker
    ) throws -> Report {
        var findings = before
        var shown = record(of: photographs)
        let activations = try photographs.table.columns([column])[0].map { Double($0) }
        let order = activations.indices.sorted { (activations[$1], $0) < (activations[$0], $1) }
        compare(&findings, images, activations)
        let kinds = PhotographKinds(
            strongest: Array(order.prefix(Self.kindCount)), weakest: Array(order.suffix(Self.kindCount)),
            any: any(of: order.count))
        let route = try measureRoute(&findings, images, photographs, kinds)
        try measureScore(&findings, images, photographs, kinds)

        let cuts = try PhotographCuts(self, photographs).cuts(order, activations, on: worker)
        findings.evaluations += cuts.evaluations
        let isShown = reel.pictures?.shown == true
        if isShown {
            shown.strongest = cuts.strongest.map(\.entry)
            shown.weakest = cuts.weakest.map(\.entry)
        }
        let strongest = cuts.strongest.map(\.image)
        try measureOcclusion(&findings, images, photographs, strongest, on: worker)
        let classes = try classes(strongest, &findings, on: worker)
        return Report(
            trust: trust(findings, photographs: shown, route: route, classes: classes),
            cuts: isShown ? cuts.strongest + cuts.weakest : [])
    }

    /// The report of a film of which photographs say nothing.
    func reportWithoutPhotographs(_ before: Findings, on worker: Worker) throws -> Report {
        var findings = before
        let reason = reasonAgainstPhotographs ?? "the photographs were not shown to this layer"
        for key in Self.measuredByPhotographs { findings.reasons[key] = reason }
        let facets = facets.map { atNetworksSize($0.facet.image) }
        let classes = try classes(facets, &findings, on: worker)
        return Report(trust: trust(findings, photographs: photographs.map(record), classes: classes))
    }

    private static let measuredByPhotographs: [Measure.Key] = [
        .photographAUC, .photographDistance, .overDrive, .filmScore, .filmShare, .naturalRoute, .causalOcclusion,
    ]

    /// Why photographs say nothing of the film; nil where they do.
    var reasonAgainstPhotographs: String? {
        guard let photographs else {
            return reel.pictures == nil
                ? "the manifest names no photographs" : "nobody has looked at the photographs"
        }
        let count = photographs.record.pictures.count
        if !isChannel { return "the film is not of a unit's mean, which photographs are known by" }
        return count < PhotographSet.leastCount
            ? "it takes \(PhotographSet.leastCount) photographs, the folder has \(count)" : nil
    }

    /// What the film's record says of photographs of which its page shows none.
    private func record(of photographs: PhotographSet) -> FilmRecord.Photographs {
        FilmRecord.Photographs(
            folder: reel.pictures?.portable.folder ?? "", digest: photographs.digest,
            count: photographs.record.pictures.count)
    }

    /// Places of photographs in the record.
    private struct PhotographKinds {
        var strongest: [Int]
        var weakest: [Int]
        var any: [Int]
    }

    /// The same photographs for all films, none twice.
    private func any(of count: Int) -> [Int] {
        var random = CounterRandom(seed: 0, stage: "any photographs", step: 0, index: 0)
        var places = Array(0..<count)
        for place in 0..<min(Self.anyCount, count) {
            places.swapAt(place, place + Int(random.bits() % UInt32(count - place)))
        }
        return Array(places.prefix(Self.anyCount))
    }

    // MARK: - Activations

    private func compare(_ findings: inout Findings, _ images: TrustFeatures, _ activations: [Double]) {
        let own = images.frames.map { images.means(of: $0, layer: layerName)[reel.unit] }
        findings.measures[.photographAUC] = PhotographComparison.areaUnderCurve(own, activations)
        let same = "all photographs excite the unit alike"
        findings.set(.photographDistance, PhotographComparison.distance(own, activations), otherwise: same)
        findings.set(
            .overDrive,
            PhotographComparison.overDrive(
                own, activations, baseline: activations.reduce(0, +) / Double(activations.count)),
            otherwise: same)
        // A unit that nothing moves is constant (Zimmermann et al. 2024).
        if (activations.max() ?? 0) - (activations.min() ?? 0) <= 1e-8 { findings.measures[.alive] = 0 }
    }

    /// The layer as the network calls it.
    var layerName: String { network.description.layer(reel.layer)?.name ?? reel.layer }

    // MARK: - The route through the network

    /// By layer, from the image on, up to the unit's.
    private func measureRoute(
        _ findings: inout Findings, _ images: TrustFeatures, _ photographs: PhotographSet, _ kinds: PhotographKinds
    ) throws -> [FilmRecord.Trust.RouteEntry] {
        let layers = photographs.record.layers
        let strongest = try photographs.means(of: kinds.strongest)
        let any = try photographs.means(of: kinds.any)
        var route: [FilmRecord.Trust.RouteEntry] = []
        for (place, layer) in layers.enumerated() {
            guard place <= layers.firstIndex(where: { $0.name == layerName }) ?? -1 else { break }
            // As they depart from those of all photographs: otherwise all images of any kind are nearly the same.
            func departures(_ means: [Double]) -> [Double] {
                zip(means, layer.units).map { $1.standardDeviation > 0 ? ($0 - $1.mean) / $1.standardDeviation : 0 }
            }
            let natural = NaturalRoute(
                strongest: strongest.map { departures($0[place]) }, any: any.map { departures($0[place]) })
            let own = images.frames.map { departures(images.means(of: $0, layer: layer.name)) }
            guard let share = natural?.share(of: own), share.isFinite else { continue }
            route.append(FilmRecord.Trust.RouteEntry(layer: layer.name, share: share))
        }
        findings.set(
            .naturalRoute, route.last { $0.layer == layerName }?.share,
            otherwise: "to the unit's layer, photographs that excite the unit are as any others")
        return route
    }

    // MARK: - What the film tells of photographs

    private func measureScore(
        _ findings: inout Findings, _ images: TrustFeatures, _ photographs: PhotographSet, _ kinds: PhotographKinds
    ) throws {
        guard !images.otherUnits.isEmpty else {
            for key in [Measure.Key.filmScore, .filmShare] {
                findings.reasons[key] = "the layer has no other unit that is alive"
            }
            return
        }
        let likeness = likeness(photographs)
        let own = images.facets.map { image in likeness.features { images.means(of: image, layer: $0) } }
        let others = images.otherUnits.map { image in likeness.features { images.means(of: image, layer: $0) } }
        func likenesses(_ kind: [Int]) throws -> (own: [[Double]], others: [[Double]]) {
            let features = try likeness.features(ofPhotographs: kind, in: photographs)
            return (
                features.map { photograph in own.map { likeness.likeness(photograph, $0) } },
                features.map { photograph in others.map { likeness.likeness(photograph, $0) } }
            )
        }
        let (exciting, other) = (try likenesses(kinds.strongest), try likenesses(kinds.weakest))
        let all = (exciting.own + exciting.others + other.own + other.others).flatMap(\.self)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        let center = mean(all)
        let scale = mean(all.map { ($0 - center) * ($0 - center) }).squareRoot()
        // Between all pairs: draws would only add chance.
        let choices = exciting.own.indices.flatMap { one in
            other.own.indices.map { two in
                FilmScore.Choice(
                    exciting: (mean(exciting.own[one]), mean(exciting.others[one])),
                    other: (mean(other.own[two]), mean(other.others[two])))
            }
        }
        let score = FilmScore(choices, scale: scale)
        let same = "all photographs are as like all facets"
        findings.set(.filmScore, score?.score, otherwise: same)
        findings.set(.filmShare, score?.share, otherwise: same)
    }

    /// The likeness of pictures to each other, in all layers that have places.
    func likeness(_ photographs: PhotographSet) -> UnitLikeness {
        UnitLikeness(
            photographs.record.layers.filter { $0.map.height * $0.map.width > 1 }, without: reel.unit, of: layerName)
    }

    // MARK: - Classes

    /// The layer of the classes, if the unit lies before it.
    private var classLayer: String? {
        let layers = network.description.layers
        guard let classes = network.description.classLayer,
            let own = layers.firstIndex(where: { $0.name == layerName }),
            let place = layers.firstIndex(of: classes), own < place, isChannel
        else { return nil }
        return classes.name
    }

    private static let classCount = 3
    /// So many images are asked: each costs two passes through the whole network.
    private static let classImages = 5

    /// For which classes the unit speaks, by images that excite it.
    func classes(
        _ images: [Image], _ findings: inout Findings, on worker: Worker
    ) throws -> [FilmRecord.ClassContribution] {
        guard let classLayer, !images.isEmpty else { return [] }
        let images = Array(images.prefix(Self.classImages))
        let (unit, layer) = (reel.unit, layerName)
        let contributions = try pool.parallel(images.count, on: worker) { index, worker in
            let evaluator = try forwardEvaluator(layers: [layer, classLayer], on: worker)
            return try evaluator.contributions(of: [unit], tap: layer, at: images[index])[0]
        }
        findings.evaluations += 2 * images.count
        let means = contributions[0].indices.map { index in
            contributions.reduce(0) { $0 + Double($1[index]) } / Double(images.count)
        }
        guard means.allSatisfy(\.isFinite) else { return [] }
        let order = means.indices.sorted { (means[$1], $0) < (means[$0], $1) }
        return order.prefix(Self.classCount).map { index in
            FilmRecord.ClassContribution(
                index: index, label: network.description.label(ofUnit: index, layer: classLayer),
                contribution: means[index])
        }
    }
}
