import ConvNet
import Disk
import FeatureVisualization
import Film
import Foundation
import JobManifest
import Networks
import Records
import Trust

/// The stage after the paths: how far a film can be trusted (Documentation/trust.md). Its numbers are of three kinds: what
/// the facets withstand, whether other ways lead to the same thing, and what photographs say.
struct TrustStage {
    let task: ReelTask
    /// The activation of a flat grey image.
    let baseline: Double
    /// Those that were optimised; all of them where all are pictures.
    let facets: [MeasuredFacet]
    let frames: FrameSequence
    /// What the film is held against; nil for none.
    let photographs: PhotographSet?

    /// A report, and the cuts of photographs that its page shows.
    struct Report {
        var trust: FilmRecord.Trust
        var cuts: [PhotographCut] = []
    }

    /// What is found out step by step.
    struct Findings {
        var measures: MeasuredValues = [:]
        var reasons: [Measure.Key: String] = [:]
        var evaluations = 0

        mutating func set(_ key: Measure.Key, _ value: Double?, otherwise reason: String) {
            if let value, value.isFinite { measures[key] = value } else { reasons[key] = reason }
        }
    }

    var reel: Reel { task.reel }
    var pool: WorkerPool { task.context.pool }
    var network: Network { task.network }

    init(task: ReelTask, baseline: Double, facets: [MeasuredFacet], frames: FrameSequence) {
        (self.task, self.baseline, self.frames) = (task, baseline, frames)
        let optimized = facets.filter { $0.facet.steps > 0 }
        self.facets = optimized.isEmpty ? facets : optimized
        photographs = task.context.photographs.photographs(of: task.reel, in: task.network.description)
    }

    func report(on worker: Worker) throws -> Report {
        var findings = Findings()
        try measureLiveliness(&findings, on: worker)
        try measureRobustness(&findings, on: worker)
        try measureSpectrum(&findings, on: worker)
        let others = try quickFacets(on: worker)
        findings.evaluations += others.evaluations
        let images = try features(others, on: worker)
        findings.evaluations += images.count
        measureAgreement(&findings, images)
        guard isHeldAgainstPhotographs, let photographs,
            let column = photographs.column(ofUnit: reel.unit, layer: layerName)
        else { return try reportWithoutPhotographs(findings, on: worker) }
        return try reportOnPhotographs(findings, images, photographs, column: column, on: worker)
    }

    func trust(
        _ findings: Findings, photographs: FilmRecord.Photographs? = nil, route: [FilmRecord.Trust.RouteEntry] = [],
        classes: [FilmRecord.ClassContribution]
    ) -> FilmRecord.Trust {
        FilmRecord.Trust(
            measures: findings.measures,
            notMeasured: Dictionary(
                findings.reasons.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first }),
            evaluations: findings.evaluations, photographs: photographs, route: route, classes: classes)
    }

    // MARK: - What the facets withstand

    /// In how many of three random images the unit's gradient is not zero (constant units: Zimmermann et al. 2024).
    private func measureLiveliness(_ findings: inout Findings, on worker: Worker) throws {
        let objective = task.objective
        let alive = try pool.parallel(Self.noiseSeeds, on: worker) { index, worker in
            let source = try objective.activation(on: worker)
            var gradient = Image(height: task.height, width: task.width)
            let noise = FacetOptimizer.startImage(
                .fourier, height: task.height, width: task.width, seed: UInt64(index), index: 0)
            _ = try source.activation(of: noise, gradient: &gradient)
            return gradient.pixels.contains { $0 != 0 }
        }
        findings.evaluations += alive.count
        findings.measures[.alive] = Double(alive.count { $0 }) / Double(alive.count)
    }

    private static let noiseSeeds = 3

    /// Means over the facets of what remains of the activation, counted from the baseline.
    private func measureRobustness(_ findings: inout Findings, on worker: Worker) throws {
        let objective = task.objective
        let kept = try pool.parallel(facets.count, on: worker) { index, worker in
            let source = try objective.activation(on: worker)
            let facet = facets[index].facet
            func share(_ activation: Float) -> Double? {
                let whole = Double(facet.activation) - baseline
                // Of a facet that hardly excites the unit any change may make many times as much, or less than nothing.
                return whole > 0 ? min(max((Double(activation) - baseline) / whole, 0), 2) : nil
            }
            let jpeg = Image(JPEGLoss.applied(to: Bitmap(facet.image), quality: 75))
            return [
                Measure.Key.survivesTransforms: share(facets[index].robustActivation),
                .survivesBlur: share(
                    try source.activation(of: GaussianBlur.filter(facet.image, kernel: 7, sigma: 1))),
                .survivesJPEG: share(try source.activation(of: jpeg)),
                .survivesShift: share(try source.activation(of: shifted(facet.image))),
            ]
        }
        findings.evaluations += 3 * kept.count
        for key in [Measure.Key.survivesTransforms, .survivesBlur, .survivesJPEG, .survivesShift] {
            let values = kept.compactMap { $0[key] ?? nil }
            findings.set(
                key, values.isEmpty ? nil : values.reduce(0, +) / Double(values.count),
                otherwise: "no facet excites the unit more than flat grey")
        }
    }

    /// The image 8 pixels further right and down (of 224), its edges continued.
    private func shifted(_ image: Image) -> Image {
        let shift = max(1, Int((Double(8 * max(image.height, image.width)) / 224).rounded()))
        var result = image
        for y in 0..<image.height {
            for x in 0..<image.width {
                let from = max(y - shift, 0) * image.width + max(x - shift, 0)
                for channel in 0..<3 {
                    result.pixels[3 * (y * image.width + x) + channel] = image.pixels[3 * from + channel]
                }
            }
        }
        return result
    }

    /// The mean over the facets, as they are shown.
    private func measureSpectrum(_ findings: inout Findings, on worker: Worker) throws {
        let distances = try pool.parallel(facets.count, on: worker) { index, _ -> Double? in
            let image = Image(Bitmap(facets[index].facet.image))
            return RingSpectrum(pixels: image.pixels, height: image.height, width: image.width)?
                .distance(from: PhotographSpectrum.amplitude)
        }.compactMap(\.self)
        findings.set(
            .spectrumDistance, distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count),
            otherwise: "the facets are flat, or too small")
    }

    /// An image as photographs are looked at: in 8 bits, and of the network's own size.
    func atNetworksSize(_ image: Image) -> Image {
        let picture = Bitmap(image)
        let (height, width) = (network.description.height, network.description.width)
        if picture.height == height, picture.width == width { return Image(picture) }
        return Image(picture.filling(width: width, height: height))
    }
}
