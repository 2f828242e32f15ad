/// What `BandWrapper` made between two facets.
public struct BandResult<Point: Sendable>: Sendable {
    /// The images in order, both ends included.
    public let path: [Point]
    /// The activation of every image of `path`.
    public let activations: [Double]
    /// Steps of the first run, in which only N images were pivots.
    public let steps: Int
    /// Why the first run stopped.
    public let stop: BandStop
    /// Steps of the refinement; 0 where there was none, or where it found nothing to do.
    public let refinementSteps: Int
    /// Why the refinement stopped, or nil where there was none.
    public let refinementStop: BandStop?
    /// Points handed to the objective, with and without gradient.
    public let evaluations: Int
    /// How many of `evaluations` were with gradient.
    public let gradientEvaluations: Int

    /// Images between the ends.
    public var pivots: Int { path.count - 2 }
    /// Whether an interpolation was too low, so that the band ran again with all images as pivots.
    public var wasRefined: Bool { refinementStop != nil }
}

extension BandResult: Equatable where Point: Equatable {}
