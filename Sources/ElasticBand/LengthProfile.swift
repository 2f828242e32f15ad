/// The length of the way along a path, as measured so far. Between two neighbouring places the length counts as evenly
/// spread.
///
/// Measurements between other places refine it. Each one corrects the total length between its two places and keeps the
/// proportions within, which finer measurements have found (iterative proportional fitting; Deming and Stephan 1940).
public struct LengthProfile: Sendable, Equatable, Codable {
    /// Places along the path in ascending order.
    public private(set) var places: [Double]
    /// The length from each place to the next; one fewer than places.
    public private(set) var lengths: [Double]

    /// - Precondition: `places` ascend, with a length of at least 0 from each to the next.
    init(places: [Double], lengths: [Double]) {
        precondition(places.count == lengths.count + 1 && !lengths.isEmpty, "a length for each step")
        (self.places, self.lengths) = (places, lengths)
    }

    /// Takes in new measurements: `measured[i]` is the length from `marks[i]` to `marks[i + 1]`. The first and the last
    /// mark are those of the profile.
    mutating func fit(_ measured: [Double], between marks: [Double]) {
        precondition(marks.count == measured.count + 1, "a length for each step")
        split(at: marks)
        var end = 0
        for (mark, length) in zip(marks.dropFirst(), measured) {
            let start = end
            while end < lengths.count, places[end + 1] <= mark { end += 1 }
            scale(start..<end, to: length)
        }
    }

    /// Adds the marks to the places of the profile. This does not change any length.
    private mutating func split(at marks: [Double]) {
        let before = self
        (places, lengths) = ([before.places[0]], [])
        for (index, length) in before.lengths.enumerated() {
            let (start, end) = (before.places[index], before.places[index + 1])
            for place in marks.filter({ $0 > start && $0 < end }) + [end] {
                lengths.append(end > start ? length * (place - places[places.count - 1]) / (end - start) : length)
                places.append(place)
            }
        }
    }

    private mutating func scale(_ steps: Range<Int>, to length: Double) {
        let (known, width) = (lengths[steps].reduce(0, +), places[steps.upperBound] - places[steps.lowerBound])
        for index in steps {
            // If the known length is 0, the new one is spread evenly.
            let share = known > 0 ? lengths[index] / known : (places[index + 1] - places[index]) / width
            lengths[index] = width > 0 ? length * share : 0
        }
    }
}
