/// Distances along a chain of points.
enum Path {
    /// Moves the inner points evenly along the chain's own polyline (string method); the ends stay.
    ///
    /// A chain of length zero stays as it is.
    static func redistribute<Space: PathSpace>(_ path: [Space.Point], in space: Space) -> [Space.Point] {
        guard path.count > 2 else { return path }
        var positions = [0.0]
        for index in 1..<path.count {
            positions.append(positions[index - 1] + space.distance(path[index - 1], path[index]))
        }
        guard let length = positions.last, length > 0, length.isFinite else { return path }
        var result = [path[0]]
        var segment = 0
        for index in 1..<path.count - 1 {
            let position = length * Double(index) / Double(path.count - 1)
            while segment < path.count - 2, positions[segment + 1] <= position { segment += 1 }
            let extent = positions[segment + 1] - positions[segment]
            let fraction = extent > 0 ? min(max((position - positions[segment]) / extent, 0), 1) : 0
            result.append(space.mix(path[segment], path[segment + 1], at: fraction))
        }
        result.append(path[path.count - 1])
        return result
    }

    /// The chain with `count` evenly mixed points between each two neighbours.
    static func interpolate<Space: PathSpace>(_ path: [Space.Point], count: Int, in space: Space) -> [Space.Point] {
        guard var last = path.first else { return [] }
        var result = [last]
        for point in path.dropFirst() {
            for step in 1...(count + 1) where step <= count {
                result.append(space.mix(last, point, at: Double(step) / Double(count + 1)))
            }
            result.append(point)
            last = point
        }
        return result
    }
}
