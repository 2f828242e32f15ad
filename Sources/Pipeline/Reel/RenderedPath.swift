import ElasticBand
import Film
import Records

/// The frames from one facet to the next, both included.
struct RenderedPath: Sendable {
    /// As the film shows them, in 8 bit.
    let images: [Bitmap]
    /// The activations of the images before they were rounded to 8 bit.
    let activations: [Double]
    /// Perceptual distances of neighbouring images.
    let featureSteps: [Double]
    /// The frame of the path's exact lowest place, where it was looked for.
    var lowestFrame: Int?

    /// Where a frame lies, 0...1.
    func position(_ index: Int) -> Double {
        Double(index) / Double(max(images.count - 1, 1))
    }
}

/// What it took to make the frames of a path.
struct BandSummary: Sendable {
    /// Inner pivots of the run that came last.
    var pivots: Int
    /// The steps of each level, those of the last one included.
    var levelSteps: [Int]
    var steps: Int
    var refinementSteps: Int
    var evaluations: Int
    var gradientEvaluations: Int
    var stop: BandStop
    var refinementStop: BandStop?
    /// How often the frames were measured to spread them evenly.
    var timingRounds: Int
}

/// A finished path: what the film shows of it, and its measures.
struct MeasuredPath: Sendable {
    let path: RenderedPath
    /// Its `lowestFrame` is set later, when it is known where in the film the path lies.
    let entry: FilmRecord.BandEntry
}
