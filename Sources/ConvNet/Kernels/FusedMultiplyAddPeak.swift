/// The yardstick of `facetreel bench`: how fast this core can multiply and add at all.
public enum FusedMultiplyAddPeak {
    #if FACETREEL_AVX512
        /// Independent chains: enough to hide the latency, few enough to stay in registers.
        private static let chains = 12
        private typealias Sums = InlineArray<12, Lane>
    #else
        private static let chains = 5
        private typealias Sums = InlineArray<5, Lane>
    #endif

    /// FLOP of `run(iterations:)`, multiply and add counted separately.
    public static func operations(iterations: Int) -> Double { Double(2 * laneWidth * chains * iterations) }

    /// Fused multiply-adds in registers and nothing else.
    /// - Returns: a value that depends on all of them, so that none is optimised away.
    @inline(never) public static func run(iterations: Int, factor: Float) -> Float {
        var sums = Sums(repeating: Lane(repeating: 1))
        let factor = Lane(repeating: factor)
        let term = Lane(repeating: 1e-3)
        for _ in 0..<iterations {
            for chain in 0..<chains { sums[chain] = term.addingProduct(sums[chain], factor) }
        }
        var total = Lane.zero
        for chain in 0..<chains { total += sums[chain] }
        return total.sum()
    }
}
