/// How an image of one size is made of the numbers that are optimised. All workers share it, and each of them decodes
/// with a codec of its own.
protocol ImageParameterization: Sendable {
    /// How many numbers an image has.
    var count: Int { get }
    /// Numbers outside are clipped to it; unlimited by default.
    var range: ClosedRange<Float> { get }
    /// Whether the numbers are the pixels themselves, so that an image is its own point; false by default.
    var isIdentity: Bool { get }
    /// Which numbers are the image's mean colour and nothing else; none by default. On a path they lie on the line
    /// between its ends, and no gain touches them (METHODS "Second edition"): a path that may darken does so to satisfy
    /// its step control, and a gain that restores the contrast of a dark image would darken it further, for ever.
    var meanPlaces: [Int] { get }

    /// Random numbers to begin with.
    func start(_ random: inout CounterRandom) -> [Float]
    func makeCodec() -> any ImageCodec
    /// How points are mixed without losing strength.
    func makeMix() -> any ImageMix
}

extension ImageParameterization {
    var range: ClosedRange<Float> { -.infinity ... .infinity }
    var isIdentity: Bool { false }
    var meanPlaces: [Int] { [] }

    /// Makes numbers larger, but for the mean colour.
    func strengthen(_ numbers: inout [Float], by gain: Float) {
        let means = meanPlaces.map { numbers[$0] }
        numbers.withUnsafeMutableBufferPointer { numbers in
            for index in 0..<numbers.count { numbers[index] *= gain }
        }
        for (place, mean) in zip(meanPlaces, means) { numbers[place] = mean }
    }

    /// Brings numbers back into the range.
    func clip(_ numbers: inout [Float]) {
        let range = range
        guard range != -.infinity ... .infinity else { return }
        numbers.withUnsafeMutableBufferPointer { numbers in
            for index in 0..<numbers.count {
                numbers[index] = min(max(numbers[index], range.lowerBound), range.upperBound)
            }
        }
    }
}

/// A mix of two points that is as strong as they are. (A plain mix of two images is grey, since differences cancel
/// out.)
protocol ImageMix: Sendable {
    /// Writes the mix at `fraction`, between 0 (all of `a`) and 1, over `target`.
    func mix(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, at fraction: Float,
        into target: UnsafeMutablePointer<Float>)
}
