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
    /// The frame of the pivot that climbed down to the path's lowest place; nil where none did.
    var lowestFrame: Int?

    /// That frame, if it is strictly lower than both ends. On a path that falls from one facet to the other, or rises
    /// between them, the pivot ends somewhere on the slope, and there is no lowest place between the facets to show.
    var saddleFrame: Int? {
        guard let frame = lowestFrame, let first = activations.first, let last = activations.last,
            activations.indices.contains(frame), activations[frame] < min(first, last)
        else { return nil }
        return frame
    }

    /// Why a path whose lowest place was looked for has none; nil for the others.
    var saddleAbsence: String? {
        lowestFrame != nil && saddleFrame == nil
            ? "the frame found is not lower than both facets: the path has no lowest place between them" : nil
    }

    /// Where a frame lies, 0...1.
    func position(_ index: Int) -> Double {
        Double(index) / Double(max(images.count - 1, 1))
    }
}

/// A finished path: what the film shows of it, and its measures.
struct MeasuredPath: Sendable {
    let path: RenderedPath
    /// Its `lowestFrame`, or the reason why there is none, is set later, when it is known where in the film the path
    /// lies.
    let entry: FilmRecord.BandEntry
}
