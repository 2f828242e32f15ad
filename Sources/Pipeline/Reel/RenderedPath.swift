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

/// A finished path: what the film shows of it, and its measures.
struct MeasuredPath: Sendable {
    let path: RenderedPath
    /// Its `lowestFrame` is set later, when it is known where in the film the path lies.
    let entry: FilmRecord.BandEntry
}
