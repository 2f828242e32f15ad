import Foundation

/// Counter-based random numbers (Philox4x32-10; Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011).
///
/// The numbers are a pure function of the key (seed, stage, step, index): whatever the worker, and after any
/// interruption, the same step draws the same numbers.
public struct CounterRandom: Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>.zero
    private var used = 4
    private var spareNormal: Float?

    public init(seed: UInt64, stage: String, step: Int, index: Int) {
        // The stage's name enters as FNV-1a, which is fixed for all time (Swift's own hash changes every run).
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in stage.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let mixed = seed ^ hash
        key = SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
        counter = SIMD4(0, 0, UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: index))
    }

    /// 32 uniform bits.
    public mutating func bits() -> UInt32 {
        if used == 4 {
            block = CounterRandom.philox(counter, key)
            counter[0] &+= 1
            if counter[0] == 0 { counter[1] &+= 1 }
            used = 0
        }
        used += 1
        return block[used - 1]
    }

    /// Uniform in 0..<1, in steps of 2^-24.
    public mutating func uniform() -> Float { Float(bits() >> 8) * 0x1p-24 }

    /// Standard normal (Box and Muller).
    public mutating func normal() -> Float {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        // 1 - u lies in (0, 1]: the logarithm is finite.
        let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
        let angle = 2 * Double.pi * Double(uniform())
        spareNormal = Float(radius * sin(angle))
        return Float(radius * cos(angle))
    }

    /// Uniform in 0..<bound; the bias of the multiplication is below bound / 2^32.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= 1 << 24, "the bound is positive and small")
        return Int((UInt64(bits()) * UInt64(bound)) >> 32)
    }

    static func philox(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (c, k) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) * UInt64(c[0])
            let second = UInt64(0xCD9E_8D57) * UInt64(c[2])
            c = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: first))
            k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
        }
        return c
    }
}
