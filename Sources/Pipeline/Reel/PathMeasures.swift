/// How good one path is (METHODS "Measures every film reports"): plain arithmetic on numbers taken along it.
enum PathMeasures {
    /// The frames that the costly measures look at, in a path of `count` frames (both facets included): as many as the
    /// band has pivots, that is, each (`interpolations` + 1)-th frame, and the last.
    static func measuredFrames(count: Int, interpolations: Int) -> [Int] {
        guard count > 0 else { return [] }
        var frames = Array(stride(from: 0, to: count, by: interpolations + 1))
        if frames.last != count - 1 { frames.append(count - 1) }
        return frames
    }

    /// The lowest value divided by the lower of the two ends, both counted from a baseline. Nil if the lower end is not
    /// well above that, since then the ratio means nothing.
    ///
    /// - Parameter ofPicture: whether an end is a picture as somebody gave it, which need not excite the unit. Where it
    ///   excites it by less than a quarter of what the other end does, what lacks is relative to that one's height: 1 -
    ///   lack / height, since a ratio to what is near zero says nothing.
    static func minimumRatio(_ values: [Double], from baseline: Double = 0, ofPicture: Bool = false) -> Double? {
        let values = values.map { $0 - baseline }
        guard let first = values.first, let last = values.last, let lowest = values.min() else { return nil }
        let lowerEnd = min(first, last)
        if ofPicture, let height = pictureHeight(first, last, among: values) {
            return finite(1 + (lowest - lowerEnd) / height)
        }
        guard isFarFromZero(lowerEnd, among: values) else { return nil }
        return finite(lowest / lowerEnd)
    }

    /// The highest value divided by the higher of the two ends, both counted from a baseline: 1 where nothing is above
    /// both. Nil as above.
    static func climb(_ values: [Double], from baseline: Double = 0) -> Double? {
        let values = values.map { $0 - baseline }
        guard let first = values.first, let last = values.last, let highest = values.max() else { return nil }
        let higherEnd = max(first, last)
        guard isFarFromZero(higherEnd, among: values) else { return nil }
        return finite(highest / higherEnd)
    }

    /// The height of the higher end, where the other one, a picture, is low beside it.
    static func pictureHeight(_ first: Double, _ last: Double, among values: [Double]) -> Double? {
        let (lower, higher) = (min(first, last), max(first, last))
        return lower < pictureShare * higher && isFarFromZero(higher, among: values) ? higher : nil
    }

    private static let pictureShare = 0.25

    /// Divides each value by the straight line between the two ends, both counted from a baseline: the lowest, the mean
    /// and the highest result. `positions` runs from 0 to 1. Nil if the line comes near the baseline.
    ///
    /// From a picture as in `minimumRatio`, values need not follow the line, but must not fall back: what lacks is what
    /// they have fallen since their highest on the way from the picture, as far as that is not above the other end.
    static func relativeToEnds(
        _ values: [Double], positions: [Double], from baseline: Double = 0, ofPicture: Bool = false
    ) -> (minimum: Double, mean: Double, maximum: Double)? {
        let values = values.map { $0 - baseline }
        guard let first = values.first, let last = values.last, values.count == positions.count else { return nil }
        var ratios: [Double]
        if ofPicture, let height = pictureHeight(first, last, among: values) {
            var reached = min(first, last)
            ratios = (first < last ? values : values.reversed()).map { value in
                reached = min(max(reached, value), height)
                return 1 + (value - reached) / height
            }
        } else {
            guard isFarFromZero(min(first, last), among: values) else { return nil }
            ratios = zip(values, positions).map { value, position in value / (first + position * (last - first)) }
        }
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        guard let lowest = ratios.min(), let highest = ratios.max(), lowest.isFinite, mean.isFinite else { return nil }
        return (lowest, mean, highest)
    }

    /// The longest step divided by the shortest; nil if a step is 0.
    static func stepRatio(_ steps: [Double]) -> Double? {
        guard let longest = steps.max(), let shortest = steps.min(), shortest > 0 else { return nil }
        return finite(longest / shortest)
    }

    /// Standard deviation of the steps relative to their mean: 0 where all are the same.
    static func stepVariation(_ steps: [Double]) -> Double? {
        guard !steps.isEmpty else { return nil }
        let mean = steps.reduce(0, +) / Double(steps.count)
        let variance = steps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(steps.count)
        return mean > 0 ? finite(variance.squareRoot() / mean) : nil
    }

    /// Mean of `|f(i+1) - 2 f(i) + f(i-1)| / (|f(i+1) - f(i)| + |f(i) - f(i-1)|)` over the inner frames: 0 where the
    /// path is straight and even, 1 where it goes back and forth. Frames that do not move count as 0.
    static func flicker(_ frames: [[Float]]) -> Double? {
        guard frames.count >= 3 else { return nil }
        var sum = 0.0
        for index in 1..<frames.count - 1 {
            var (second, forward, backward) = (0.0, 0.0, 0.0)
            let (before, here, after) = (frames[index - 1], frames[index], frames[index + 1])
            for place in here.indices {
                let next = Double(after[place] - here[place])
                let last = Double(here[place] - before[place])
                second += (next - last) * (next - last)
                forward += next * next
                backward += last * last
            }
            let length = forward.squareRoot() + backward.squareRoot()
            if length > 0 { sum += second.squareRoot() / length }
        }
        return finite(sum / Double(frames.count - 2))
    }

    /// Standard deviation of all values of an image: its contrast.
    static func contrast(_ pixels: [Float]) -> Double {
        guard !pixels.isEmpty else { return 0 }
        let mean = pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count)
        let variance = pixels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return (variance / Double(pixels.count)).squareRoot()
    }

    /// Mean of all values of an image, which are in -1...1, as a part of white: 0...1.
    static func brightness(_ pixels: [Float]) -> Double {
        guard !pixels.isEmpty else { return 0 }
        return (pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count) + 1) / 2
    }

    /// Whether a ratio to `value` means something, on the scale of the values at hand.
    private static func isFarFromZero(_ value: Double, among values: [Double]) -> Bool {
        let scale = values.reduce(0) { max($0, abs($1)) }
        return value.isFinite && scale.isFinite && value > 1e-3 * scale && value > 1e-6
    }

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
