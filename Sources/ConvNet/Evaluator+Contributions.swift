extension Evaluator {
    /// How much each unit of a tap speaks for every unit of the layer, `[tap's units asked for][layer's units]`: gradient
    /// times activation, summed over the places of the tap's map. It is what the layer's means change by, in proportion,
    /// when the map grows as a whole, and is found as that: from two passes in which it is a little larger and smaller.
    ///
    /// - Parameters:
    ///   - units: of the tap.
    ///   - tap: one of the evaluator's taps.
    public func contributions(
        of units: [Int], tap: String, at image: Image
    ) throws(EvaluatorError) -> [[Float]] {
        let value = try value(ofTap: tap)
        let shape = plan.shape(of: value)
        precondition(units.allSatisfy { (0..<shape.channels).contains($0) }, "the units are the tap's")
        let pixels = shape.pixels
        return units.map { unit in
            func means(factor: Float) -> [Float] {
                forward(image, wantsMap: true) { [plan] step in
                    guard step.value == value else { return }
                    let lanes = (plan.lanes(of: value) + unit / laneWidth * pixels * laneBytes)
                        .assumingMemoryBound(to: Float.self)
                    for pixel in 0..<pixels { lanes[pixel * laneWidth + unit % laneWidth] *= factor }
                }
                return (0..<layer.unitCount).map { plan.mean(unit: $0, hasMap: true) }
            }
            let (more, less) = (means(factor: 1 + Self.growth), means(factor: 1 - Self.growth))
            return zip(more, less).map { ($0 - $1) / (2 * Self.growth) }
        }
    }

    /// Small enough for the slopes of rectified layers, large enough for the digits of 32-bit sums.
    private static let growth: Float = 0.03125
}
