/// Depthwise sums over any taps: one row of outputs of one channel block.
///
/// - Parameters:
///   - source: the lane that tap offsets refer to, for the first output.
///   - offsets: bytes from there to the lane that each tap reads.
///   - weights: one lane a tap.
///   - sourceStep: bytes from an output's source to the next one's.
///   - target: receives the sums, `targetStep` lanes apart.
///   - adds: whether to add to what is there.
func depthwiseTaps(
    _ source: UnsafeRawPointer, offsets: UnsafePointer<Int>, weights: UnsafeRawPointer, count: Int, bias: Lane,
    outputs: Int, sourceStep: Int, into target: UnsafeMutableRawPointer, targetStep: Int, adds: Bool
) {
    // Four outputs at a time: a tap's weight is loaded once for them, and four sums hide each other's latency.
    var source = source
    var place = 0
    var remaining = outputs
    while remaining >= 4 {
        let sums: InlineArray<4, Lane> = tapSums(source, offsets, weights, count, bias, sourceStep)
        for index in 0..<4 { store(sums[index], target, place &+ index &* targetStep, adds) }
        source += 4 &* sourceStep
        place &+= 4 &* targetStep
        remaining &-= 4
    }
    while remaining > 0 {
        let sums: InlineArray<1, Lane> = tapSums(source, offsets, weights, count, bias, sourceStep)
        store(sums[0], target, place, adds)
        source += sourceStep
        place &+= targetStep
        remaining &-= 1
    }
}

@inline(__always)
private func tapSums<let N: Int>(
    _ source: UnsafeRawPointer, _ offsets: UnsafePointer<Int>, _ weights: UnsafeRawPointer, _ count: Int, _ bias: Lane,
    _ sourceStep: Int
) -> InlineArray<N, Lane> {
    var sums = InlineArray<N, Lane>(repeating: bias)
    for tap in 0..<count {
        let weight = weights.lane(tap)
        let lanes = source + offsets[tap]
        for index in 0..<N {
            sums[index] = sums[index].addingProduct(
                lanes.loadUnaligned(fromByteOffset: index &* sourceStep, as: Lane.self), weight)
        }
    }
    return sums
}

@inline(__always)
private func store(_ sum: Lane, _ target: UnsafeMutableRawPointer, _ place: Int, _ adds: Bool) {
    target.setLane(place, to: adds ? target.lane(place) + sum : sum)
}
