/// e^x over the sum of e^x. The largest x is subtracted first, so that nothing overflows.
func softmax(_ source: ChannelColumn, into target: ChannelColumn) {
    let largest = Lane(repeating: source.largest())
    for block in 0..<source.blocks {
        target.put(source.only(exponential(source.lane(block) - largest), at: block), at: block, adds: false)
    }
    let factor = Lane(repeating: 1 / target.sum())
    for block in 0..<source.blocks { target.put(target.lane(block) * factor, at: block, adds: false) }
}

/// y * (g - sum of g * y)
func softmaxGradient(
    _ values: ChannelColumn, _ gradient: ChannelColumn, into target: ChannelColumn, adds: Bool
) {
    let mean = Lane(repeating: columnSum(values.blocks) { values.lane($0) * gradient.lane($0) })
    for block in 0..<values.blocks {
        target.put(values.lane(block) * (gradient.lane(block) - mean), at: block, adds: adds)
    }
}

/// The sum of what a pixel's blocks have.
@inline(__always) private func columnSum(_ blocks: Int, _ part: (Int) -> Lane) -> Float {
    var sums = InlineArray<2, Lane>(repeating: Lane.zero)
    for block in 0..<blocks { sums[block & 1] += part(block) }
    return channelSum(sums[0] + sums[1])
}

/// Each channel of a plane: minus its mean, over its deviation.
/// - Returns: the deviations' inverses.
func standardizePlane(
    _ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, pixels: Int, epsilon: Float, own: OwnChannels
) -> Lane {
    let share = Lane(repeating: 1 / Float(pixels))
    let mean = planeSum(source, count: pixels) * share
    // In a second pass over the differences, since a difference of squares would lose digits.
    let variance =
        chunkedSum(pixels) { pixel in
            let difference = source.lane(pixel) - mean
            return difference * difference
        } * share
    // Zero beyond the map's own channels, where the variance is zero.
    let inverse = own.only(Lane(repeating: 1) / squareRoot(variance + Lane(repeating: epsilon)))
    for pixel in 0..<pixels { target.setLane(pixel, to: (source.lane(pixel) - mean) * inverse) }
    return inverse
}

/// inverse * (g - mean of g - y * mean of g * y)
func standardizePlaneGradient(
    _ values: UnsafeRawPointer, _ gradient: UnsafeRawPointer, inverse: Lane, into target: UnsafeMutableRawPointer,
    pixels: Int, adds: Bool
) {
    let share = Lane(repeating: 1 / Float(pixels))
    let mean = planeSum(gradient, count: pixels) * share
    let slope = chunkedSum(pixels) { values.lane($0) * gradient.lane($0) } * share
    for pixel in 0..<pixels {
        let part = inverse * (gradient.lane(pixel) - mean - values.lane(pixel) * slope)
        target.put(part, at: pixel, adds: adds)
    }
}

/// The channels of a pixel: minus their mean, over their deviation.
/// - Returns: the deviation's inverse.
func standardizeColumn(
    _ source: ChannelColumn, into target: ChannelColumn, channels: Int, epsilon: Float
) -> Float {
    let mean = Lane(repeating: source.sum() / Float(channels))
    let squares = columnSum(source.blocks) { block in
        let difference = source.only(source.lane(block) - mean, at: block)
        return difference * difference
    }
    let inverse = 1 / (squares / Float(channels) + epsilon).squareRoot()
    for block in 0..<source.blocks {
        let value = (source.lane(block) - mean) * Lane(repeating: inverse)
        target.put(source.only(value, at: block), at: block, adds: false)
    }
    return inverse
}

/// inverse * (g - mean of g - y * mean of g * y)
func standardizeColumnGradient(
    _ values: ChannelColumn, _ gradient: ChannelColumn, inverse: Float, into target: ChannelColumn, channels: Int,
    adds: Bool
) {
    let share = 1 / Float(channels)
    let mean = Lane(repeating: gradient.sum() * share)
    let slope = Lane(repeating: columnSum(values.blocks) { values.lane($0) * gradient.lane($0) } * share)
    for block in 0..<values.blocks {
        let part = gradient.lane(block) - mean - values.lane(block) * slope
        target.put(values.only(part * Lane(repeating: inverse), at: block), at: block, adds: adds)
    }
}
