import Foundation

/// A linear scale with ticks at round numbers.
///
/// Values are measured in units of `10^exponent`, so that very large and very small ones keep short labels.
struct Axis: Sendable, Equatable {
    /// Ends of the scale, and the ticks on it, in units of `10^exponent`.
    let lower: Double
    let upper: Double
    let ticks: [Double]
    let exponent: Int
    /// Digits behind the point that tell the ticks apart.
    let digits: Int

    /// Ranges below this part of the largest value are no more than the rounding of 32-bit numbers.
    private static let flat = 1e-6
    /// Where the values spread over less than this part of the largest one, zero is left out so that they can be told
    /// apart.
    private static let spreadThatShowsZero = 0.3
    /// Room between the values and the ends, in parts of their range.
    private static let room = 0.05

    /// An axis for all finite values of a film: round ends, some room at both, and zero unless that would flatten the
    /// curve.
    init(holding values: [Double]) {
        let finite = values.filter { $0.isFinite }
        let largest = finite.reduce(0) { max($0, abs($1)) }
        let exponent = Axis.exponent(for: largest)
        let unit = pow(10, Double(exponent))
        var (low, high) = ((finite.min() ?? 0) / unit, (finite.max() ?? 0) / unit)
        let size = max(abs(low), abs(high))
        let isFlat = high - low <= Axis.flat * size
        let showsZero = isFlat || high - low > Axis.spreadThatShowsZero * size
        if size < Axis.smallest { (low, high) = (-1, 1) }
        let room = Axis.room * (high - low)
        (low, high) = (low - room, high + room)
        if showsZero {
            // Zero needs no room of its own.
            if low + room >= 0 { (low, high) = (0, high + Axis.room * high) }
            if high - room <= 0 { (low, high) = (low + Axis.room * low, 0) }
        }
        let step = Axis.roundStep { step in (high / step).rounded(.up) - (low / step).rounded(.down) <= 6 }
        let first = Int((low / step).rounded(.down))
        let last = Int((high / step).rounded(.up))
        self.init(lower: Double(first) * step, upper: Double(last) * step, step: step, first...last, exponent)
    }

    /// An axis from zero to `upper`, with at most `count` steps between ticks; whole numbers if `isWhole`.
    init(upTo upper: Double, steps count: Int, isWhole: Bool = false) {
        precondition(upper > 0 && upper.isFinite, "an axis has a length")
        let step = Axis.roundStep { $0 * Double(count) >= upper && (!isWhole || $0 >= 1 && $0 == $0.rounded()) }
        self.init(lower: 0, upper: upper, step: step, 0...Int((upper / step * (1 + 1e-12)).rounded(.down)), 0)
    }

    private init(lower: Double, upper: Double, step: Double, _ multiples: ClosedRange<Int>, _ exponent: Int) {
        self.lower = lower
        self.upper = upper
        self.exponent = exponent
        ticks = multiples.map { Double($0) * step }
        digits =
            (0..<12).first { digits in
                let scaled = step * pow(10, Double(digits))
                return abs(scaled - scaled.rounded()) < 1e-6 * scaled && scaled >= 0.5
            } ?? 12
    }

    /// Smaller numbers count as zero: a double cannot hold the power of ten that would scale them.
    private static let smallest = 1e-300

    /// Plain figures where they are short, a power of ten where they are not.
    private static func exponent(for largest: Double) -> Int {
        guard largest >= smallest, largest < 1e-2 || largest >= 1e5 else { return 0 }
        return Int(log10(largest).rounded(.down))
    }

    /// The first of 1, 2, 2.5, 5 times a power of ten, rising, that is `enough`.
    private static func roundStep(_ enough: (Double) -> Bool) -> Double {
        for power in -12...12 {
            for mantissa in [1, 2, 2.5, 5] {
                let step = power < 0 ? mantissa / pow(10, Double(-power)) : mantissa * pow(10, Double(power))
                if enough(step) { return step }
            }
        }
        return 1e13
    }

    /// Where a value lies, 0...1 within the axis.
    func position(_ value: Double) -> Double { tickPosition(value / pow(10, Double(exponent))) }

    /// Where a tick lies, 0...1.
    func tickPosition(_ tick: Double) -> Double { (tick - lower) / (upper - lower) }

    /// A tick's label, without the power of ten.
    func label(_ tick: Double) -> String { Figures.plain(tick, digits: digits) }

    /// A value with two more digits than the ticks show, and with the power of ten.
    func figures(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let plain = Figures.plain(value / pow(10, Double(exponent)), digits: min(digits + 2, 9))
        return plain + (exponent == 0 ? "" : "×" + Figures.powerOfTen(exponent))
    }
}
