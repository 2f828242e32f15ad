import ElasticBand
import FeatureVisualization

/// One path of the reel: from which facet to which.
struct PathEnds: Sendable {
    /// 0 is the path from the first facet to the second.
    let number: Int
    let first: MeasuredFacet
    let last: MeasuredFacet

    /// Whether one of them is a picture as somebody gave it.
    var hasPicture: Bool { first.isPicture || last.isPicture }

    var place: String { "band \(first.facet.name) - \(last.facet.name)" }
}

/// The band from one facet to the next, and where along it the frames of the film lie.
struct TimedPath: Sendable {
    let result: BandResult<[Float]>
    /// The places of the frames along the path. Without retiming, they are spread evenly between the points of the
    /// path.
    var timing: Retiming
    /// Images that the network has seen for it, and those of them with gradient.
    var evaluations: Int
    let gradientEvaluations: Int

    /// The frame of the pivot that climbed to the lowest place.
    var lowestFrame: Int? {
        result.climber.flatMap { climber in timing.places.firstIndex { abs($0 - Double(climber)) < 1e-9 } }
    }
}
