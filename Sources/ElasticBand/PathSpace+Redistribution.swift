extension PathSpace {
    /// The distances of neighbours along `path`, one fewer than its points.
    public func segmentLengths(of path: [Point]) -> [Double] {
        path.indices.dropFirst().map { distance(path[$0 - 1], path[$0]) }
    }

    /// `path` with its interior points spread evenly along the polyline it was; the two ends stay
    /// bit for bit, and a path of zero or infinite length stays as it is.
    ///
    /// Even is meant along the old polyline: a chord that now cuts a corner is shorter.
    /// This replaces the spring force (the string method, thesis section 4.2.2).
    public func redistributed(_ path: [Point]) -> [Point] {
        redistributed(path, lengths: segmentLengths(of: path))
    }

    /// The same, where `lengths` are already known to be `segmentLengths(of: path)`.
    func redistributed(_ path: [Point], lengths: [Double]) -> [Point] {
        let total = lengths.reduce(0, +)
        guard path.count > 2, total > 0, total.isFinite else { return path }
        var result = [path[0]]
        result.reserveCapacity(path.count)

        // Walk along the old segments; `start` is the arc length at which the current one begins.
        var segment = 0
        var start = 0.0
        for index in 1..<(path.count - 1) {
            let position = total * Double(index) / Double(path.count - 1)
            while segment < lengths.count - 1, start + lengths[segment] <= position {
                start += lengths[segment]
                segment += 1
            }
            let length = lengths[segment]
            let fraction = length > 0 ? min(max((position - start) / length, 0), 1) : 0
            result.append(mix(path[segment], path[segment + 1], at: fraction))
        }
        result.append(path[path.count - 1])
        return result
    }

    /// `path` with `count` evenly spaced mixes between every two neighbours; its own points stay
    /// bit for bit, at the indices that are multiples of `count + 1`.
    public func interpolated(_ path: [Point], count: Int) -> [Point] {
        precondition(count >= 0, "a negative number of interpolations")
        var result: [Point] = []
        for index in path.indices.dropLast() {
            result.append(path[index])
            for step in 0..<count {
                let fraction = Double(step + 1) / Double(count + 1)
                result.append(mix(path[index], path[index + 1], at: fraction))
            }
        }
        return result + path.suffix(1)
    }
}
