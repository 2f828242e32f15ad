import FeatureVisualization
import Film
import JobManifest
import Networks
import Records

/// The last stage of a reel: its pictures and its film.
struct FilmStage {
    let task: ReelTask
    let digests: FilmRecord.Digests
    let folder: ReelFolder

    private var reel: Reel { task.reel }

    /// Writes `facets/NN-name.png`, whose text chunks say what each shows, and of those that were optimised
    /// `importance/NN-name.png`: white where the unit looks, black where it does not.
    func writeFacets(_ facets: [MeasuredFacet]) throws {
        for (number, measured) in facets.enumerated() {
            let facet = measured.facet
            let name = "\(number + 1 < 10 ? "0" : "")\(number + 1)-\(facet.name).png"
            let mask = mask(facet)
            if let mask {
                try PNG.write(
                    grey: mask, width: facet.image.width, height: facet.image.height,
                    to: try folder.temporaryPath("importance/\(name)"))
            }
            try PNG.write(
                Bitmap(facet.image), alpha: reel.transparentFacets ? mask : nil,
                to: try folder.temporaryPath("facets/\(name)"),
                text: description + [
                    (keyword: "Facet", text: facet.name),
                    (keyword: "Activation", text: String(facet.activation)),
                ])
        }
    }

    /// Nil for a picture from elsewhere.
    private func mask(_ facet: Facet) -> [UInt8]? {
        guard !facet.importance.isEmpty else { return nil }
        let isLogits = task.network.description.layer(reel.layer)?.isLogits ?? false
        return ImportanceMap.mask(
            facet.importance, height: facet.image.height, width: facet.image.width, isLogits: isLogits
        ).map { UInt8(($0 * 255).rounded()) }
    }

    /// Writes `film.mp4` and `poster.png`.
    func writeFilm(_ frames: FrameSequence, _ facets: [MeasuredFacet], on worker: Worker) throws {
        let pool = task.context.pool
        let tracker = task.tracker(.film, limits: [frames.images.count], isExact: true)
        let renderer = try reel.video.graph ? frameRenderer(frames, facets) : nil
        let draw: @Sendable (Int) throws -> Bitmap = { index in
            let image = frames.images[index]
            guard let renderer else { return image.withEvenSides() }
            return try renderer.render(frame: index, image: image)
        }

        let poster = try draw(frames.facetFrames[Self.posterFacet(facets)])
        try PNG.write(poster, to: try folder.temporaryPath("poster.png"), text: description)
        let encoder = try VideoEncoder(
            path: try folder.temporaryPath("film.mp4"), width: poster.width, height: poster.height,
            framesPerSecond: reel.video.framesPerSecond,
            metadata: ["title": reel.folder, "comment": "facetreel, job \(digests.job)"])
        // Frames are drawn a few at a time by all workers and encoded in order by this one.
        let chunk = 4 * pool.workerCount
        for start in stride(from: 0, to: frames.images.count, by: chunk) {
            try pool.stop.check()
            let count = min(chunk, frames.images.count - start)
            for frame in try pool.parallel(count, on: worker, { offset, _ in try draw(start + offset) }) {
                try encoder.append(frame)
                tracker.advance(0)
            }
        }
        try encoder.finish()
    }

    private func frameRenderer(_ frames: FrameSequence, _ facets: [MeasuredFacet]) throws -> FilmFrameRenderer {
        let unit = "\(reel.layer), unit \(reel.unit)"
        let graph = ActivationGraph(
            title: task.label.map { "\(ClassLabel.short($0)) · \(unit)" } ?? unit,
            subtitle: reel.network.file == NetworkReference.standard.file
                ? reel.name : "\(reel.name) · \(task.network.description.name)",
            quantity: task.label != nil && reel.objective == .channel ? "logit" : reel.objective.quantity,
            activations: frames.entries.map(\.activation),
            facets: zip(frames.facetFrames, facets).map { (frame: $0, name: $1.facet.name) },
            lowestFrames: frames.lowestFrames.compactMap(\.self),
            framesPerSecond: reel.video.framesPerSecond)
        return try FilmFrameRenderer(graph: graph, layout: FilmLayout(imageWidth: task.width, imageHeight: task.height))
    }

    /// The facet that stands for the film is the one that holds up best under transforms: the highest activation
    /// alone would choose noise.
    static func posterFacet(_ facets: [MeasuredFacet]) -> Int {
        facets.indices.max { facets[$0].robustActivation < facets[$1].robustActivation } ?? 0
    }

    /// What every picture of this reel says about itself.
    private var description: [(keyword: String, text: String)] {
        [
            (keyword: "Software", text: "facetreel"),
            (keyword: "Layer", text: reel.layer),
            (keyword: "Unit", text: String(reel.unit)),
        ]
            + (task.label.map { [(keyword: "Class", text: $0)] } ?? []) + [
                (keyword: "Network", text: task.network.description.name),
                (keyword: "Job digest", text: digests.job),
            ]
    }
}
