/// Passes of [1/4, 1/2, 1/4] along the index of a chain, the first and the last value repeated beyond its ends.
/// Neighbours then pull in the same direction, and a film does not flicker (METHODS "The better band", step 5).
enum ChainSmoothing {
    /// For each of `count` places: the first place that contributes to it, and the weights from that place on.
    static func weights(count: Int, passes: Int) -> [(first: Int, weights: [Double])] {
        (0..<count).map { place in
            var row = [Double](repeating: 0, count: count)
            row[place] = 1
            // Smoothing a unit row by the transposed passes gives the weights of that place.
            for _ in 0..<passes {
                var next = [Double](repeating: 0, count: count)
                for index in 0..<count {
                    next[index] += row[index] / 2
                    next[max(index - 1, 0)] += row[index] / 4
                    next[min(index + 1, count - 1)] += row[index] / 4
                }
                row = next
            }
            let first = max(place - passes, 0)
            return (first, Array(row[first...min(place + passes, count - 1)]))
        }
    }
}
