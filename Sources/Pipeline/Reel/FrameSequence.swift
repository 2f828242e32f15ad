import FeatureVisualization
import Film
import Records

/// All frames of a film: the paths one after the other, the facet between two paths once.
struct FrameSequence: Sendable {
    let images: [Bitmap]
    let entries: [FilmRecord.Frame]
    /// The frame that shows each facet.
    let facetFrames: [Int]
    /// The frame at each path's exact lowest place; nil if it was not looked for, or if there is none.
    let lowestFrames: [Int?]

    init(facets: [Facet], paths: [RenderedPath]) {
        var images: [Bitmap] = []
        var entries: [FilmRecord.Frame] = []
        var facetFrames: [Int] = []
        for (number, path) in paths.enumerated() {
            facetFrames.append(images.count)
            // The last frame of a path is the first of the next one.
            let isLast = number == paths.count - 1
            for frame in 0..<path.images.count - (isLast ? 0 : 1) {
                let facet =
                    frame == 0
                    ? facets[number].name
                    : frame == path.images.count - 1 ? facets[number + 1].name : nil
                if isLast, frame == path.images.count - 1 { facetFrames.append(images.count) }
                entries.append(
                    FilmRecord.Frame(
                        index: images.count, path: number, position: path.position(frame),
                        activation: path.activations[frame], facet: facet))
                images.append(path.images[frame])
            }
        }
        if paths.isEmpty, let only = facets.first {
            facetFrames = [0]
            images = [Bitmap(only.image)]
            entries = [
                FilmRecord.Frame(
                    index: 0, path: 0, position: 0, activation: Double(only.activation), facet: only.name)
            ]
        }
        self.images = images
        self.entries = entries
        self.facetFrames = facetFrames
        lowestFrames = zip(facetFrames, paths).map { start, path in path.saddleFrame.map { start + $0 } }
    }
}
