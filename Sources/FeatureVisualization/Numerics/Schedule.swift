import Foundation

/// A strength over the steps of an optimisation.
public enum Schedule: Sendable, Equatable, Codable {
    case constant(Double)
    case linear(from: Double, to: Double)
    /// Half a cosine wave from one value to the other.
    case cosine(from: Double, to: Double)
    /// from + (to - from) * sigmoid((t/T - 1/2) * steepness): the thesis' sigma_t (appendix .2) with 1.5, 0.5 and 8.
    case sigmoid(from: Double, to: Double, steepness: Double)
    /// Straight lines between points; constant before the first and after the last.
    case piecewise([Point])

    /// A point of a piecewise schedule.
    public struct Point: Sendable, Equatable, Codable {
        /// Fraction of the steps, 0...1.
        public var at: Double
        public var value: Double

        public init(at: Double, value: Double) {
            self.at = at
            self.value = value
        }
    }

    /// The value at step `step` of `count`.
    public func value(step: Int, of count: Int) -> Double {
        let time = count > 0 ? Double(step) / Double(count) : 0
        switch self {
        case .constant(let value): return value
        case .linear(let from, let to): return from + (to - from) * time
        case .cosine(let from, let to): return from + (to - from) * (1 - cos(.pi * time)) / 2
        case .sigmoid(let from, let to, let steepness):
            return from + (to - from) / (1 + exp(-(time - 0.5) * steepness))
        case .piecewise(let points):
            guard let first = points.first, let last = points.last else { return 0 }
            if time <= first.at { return first.value }
            for (a, b) in zip(points, points.dropFirst()) where time <= b.at {
                return b.at > a.at ? a.value + (b.value - a.value) * (time - a.at) / (b.at - a.at) : b.value
            }
            return last.value
        }
    }
}
