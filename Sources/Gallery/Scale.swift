import Foundation

/// A linear scale with ticks at round numbers, which lie within it.
struct Scale: Sendable, Equatable {
    let lower: Double
    let upper: Double
    let ticks: [Double]
    /// Digits behind the point that tell the ticks apart.
    let digits: Int

    /// Holds all finite values with some room, and zero unless that would flatten them.
    init(holding values: [Double]) {
        let finite = values.filter(\.isFinite)
        var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        // Numbers that only a foreign file can hold: their range would be infinite, or nothing.
        let size = max(abs(low), abs(high))
        if size < 1e-30 || size > 1e30 { (low, high) = (0, 1) }
        if high - low > 0.3 * max(abs(low), abs(high)) || high == low { (low, high) = (min(low, 0), max(high, 0)) }
        if high == low { high = low + 1 }
        let room = 0.08 * (high - low)
        lower = low == 0 ? 0 : low - room
        upper = high == 0 ? 0 : high + room
        // Four to eight ticks at 1, 2 or 5 times a power of ten.
        let rough = (upper - lower) / 5
        let power = pow(10, log10(rough).rounded(.down))
        let step = ([1, 2, 5].first { rough <= $0 * power } ?? 10) * power
        digits = min(max(0, -Int(log10(step * 1.0001).rounded(.down))), 9)
        let first = (lower / step).rounded(.up)
        let last = (upper / step).rounded(.down)
        ticks =
            last - first < 20 && first.magnitude < 1e15
            ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    }

    /// 0...1 within the scale.
    func position(_ value: Double) -> Double {
        min(max((value - lower) / (upper - lower), 0), 1)
    }
}
