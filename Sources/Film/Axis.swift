import Foundation

/// Round tick values for an axis.
struct Axis: Sendable, Equatable {
    let lower: Double
    let upper: Double
    let ticks: [Double]
    /// Digits behind the point that tell the ticks apart.
    let digits: Int

    /// Values beyond this stand at the axis' edge: differences of larger ones are no numbers any more.
    private static let largest = 1e300

    /// An axis that holds all values, with 2 to 7 ticks at round numbers; from zero where all values are positive.
    init(holding values: [Double]) {
        let finite = values.lazy.filter(\.isFinite).map { min(max($0, -Axis.largest), Axis.largest) }
        var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        if low > 0 { low = 0 }
        if high < 0 { high = 0 }
        if high - low < 1e-12 { (low, high) = (low - 1, high + 1) }
        let room = (high - low) * 0.06
        self.init(lower: low < 0 ? low - room : 0, upper: high > 0 ? high + room : 0, steps: 5)
    }

    /// An axis from `lower` to `upper` with about `steps` steps between round ticks.
    init(lower: Double, upper: Double, steps: Int) {
        self.lower = lower
        self.upper = upper
        let rough = (upper - lower) / Double(steps)
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
        let first = Int((lower / step).rounded(.up))
        let last = Int((upper / step).rounded(.down))
        ticks = first <= last ? (first...last).map { Double($0) * step } : []
        digits = max(0, -Int(floor(log10(step) + 1e-9)))
    }

    /// A tick's label.
    func label(_ value: Double) -> String {
        // Beyond seven digits plain figures say nothing.
        digits > 6 || abs(value) >= 1e7 ? String(format: "%.1e", value) : String(format: "%.\(digits)f", value)
    }

    /// Where a value lies, 0...1; values beyond the axis lie at its edge.
    func position(_ value: Double) -> Double { min(max((value - lower) / (upper - lower), 0), 1) }
}
