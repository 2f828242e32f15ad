/// A function's bounds, for gradients that are redirected at them.
struct Bounds {
    let lower: Lane
    let upper: Lane

    init(_ lower: Float, _ upper: Float) {
        self.lower = Lane(repeating: lower)
        self.upper = Lane(repeating: upper)
    }

    /// Whether there is a gradient, and all of it lies where `kept` is at a bound or beyond.
    func block(_ kept: UnsafeRawPointer, _ gradient: UnsafeRawPointer, lanes: Int) -> Bool {
        var hasGradient = MaskWord.zero
        for index in 0..<lanes {
            let (value, slope) = (kept.lane(index), gradient.lane(index))
            let bits = MaskWord.zero.replacing(with: MaskWord(repeating: 1), where: slope .!= Lane.zero)
            let inside = bits.replacing(with: MaskWord.zero, where: (value .<= lower) .| (upper .<= value))
            if inside != MaskWord.zero { return false }
            hasGradient |= bits
        }
        return hasGradient != MaskWord.zero
    }

    /// Leads back what points inwards, times `factor`.
    func redirect(
        _ kept: UnsafeRawPointer, _ gradient: UnsafeRawPointer, into target: UnsafeMutableRawPointer, lanes: Int,
        factor: Float, adds: Bool
    ) {
        for index in 0..<lanes {
            let (value, slope) = (kept.lane(index), gradient.lane(index))
            let raises = (value .<= lower) .& (Lane.zero .< slope)
            let lowers = (upper .<= value) .& (slope .< Lane.zero)
            let passed = Lane.zero.replacing(with: slope * Lane(repeating: factor), where: raises .| lowers)
            target.put(passed, at: index, adds: adds)
        }
    }
}
