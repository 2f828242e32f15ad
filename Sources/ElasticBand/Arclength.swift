/// Places along a polyline: place 2.25 lies between its points 2 and 3, a quarter of the way.
enum Arclength {
    /// As many evenly spaced places as the polyline has points. If its length is 0 or not finite: the places of its
    /// points.
    static func evenPlaces(lengths: [Double]) -> [Double] {
        let points = (0...lengths.count).map(Double.init)
        return evenPlaces(along: points, lengths: lengths, count: lengths.count) ?? points
    }

    /// `count + 1` places that divide the way from the first to the last of `places` into equal parts. `lengths[i]` is
    /// the length from place i to place i + 1. Nil if the whole length is 0 or not finite.
    static func evenPlaces(along places: [Double], lengths: [Double], count: Int) -> [Double]? {
        precondition(places.count == lengths.count + 1 && count > 0, "a length for each step")
        let total = lengths.reduce(0, +)
        guard total > 0, total.isFinite else { return nil }
        var result = [places[0]]
        result.reserveCapacity(count + 1)
        // Walk along the old steps; `start` is the arc length at which the current one begins.
        var step = 0
        var start = 0.0
        for index in 1..<max(count, 1) {
            let position = total * Double(index) / Double(count)
            while step < lengths.count - 1, start + lengths[step] <= position {
                start += lengths[step]
                step += 1
            }
            let fraction = lengths[step] > 0 ? min(max((position - start) / lengths[step], 0), 1) : 0
            result.append(places[step] + fraction * (places[step + 1] - places[step]))
        }
        result.append(places[places.count - 1])
        return result
    }

    /// The segment in which a place lies, and how far along it.
    static func segment(of place: Double, count: Int) -> (index: Int, fraction: Double) {
        let index = min(max(Int(place), 0), count - 1)
        let fraction = index == count - 1 ? 0 : place - Double(index)
        return (index, min(max(fraction, 0), 1))
    }
}
