/// What an image makes of every unit of a layer.
public struct UnitSummaries: Sendable, Equatable {
    /// Spatial means, `[units]`.
    public var means: [Float] = []
    /// The largest value of each unit's map.
    public var peaks: [Float] = []
    /// Where that is: row times the map's width plus column; of equals the first.
    public var places: [Int32] = []

    public init() {}
}

extension Evaluator {
    /// What an image makes of the units of some taps (or the layer itself), one after another as one list, in one forward
    /// pass.
    public func summaries(of image: Image, layers names: [String]) throws(EvaluatorError) -> UnitSummaries {
        let values = try names.map { (name) throws(EvaluatorError) in try value(ofTap: name) }
        forward(image, wantsMap: true)
        var summaries = UnitSummaries()
        for value in values {
            let shape = plan.shape(of: value)
            for first in stride(from: 0, to: shape.channels, by: laneWidth) {
                let lanes = UnsafeRawPointer(plan.lanes(of: value)) + first * shape.pixels * 4
                let sum = laneSum(lanes, count: shape.pixels)
                let (peak, place) = lanePeak(lanes, count: shape.pixels)
                for channel in 0..<min(laneWidth, shape.channels - first) {
                    summaries.means.append(sum[channel] / Float(shape.pixels))
                    summaries.peaks.append(peak[channel])
                    summaries.places.append(place[channel])
                }
            }
        }
        return summaries
    }
}
