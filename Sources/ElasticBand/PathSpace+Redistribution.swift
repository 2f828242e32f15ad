extension PathSpace {
    /// `path` with `count` evenly spaced mixes between every two neighbours; its own points stay
    /// bit for bit, at the indices that are multiples of `count + 1`.
    public func interpolated(_ path: [Point], count: Int) -> [Point] {
        precondition(count >= 0, "a negative number of interpolations")
        let steps = count + 1
        return (0...(path.count - 1) * steps).map { point(at: Double($0) / Double(steps), of: path) }
    }

    /// `path` with `pivots` points between its ends, evenly spaced by index.
    public func resampled(_ path: [Point], pivots: Int) -> [Point] {
        let scale = Double(path.count - 1) / Double(pivots + 1)
        return (0...pivots + 1).map { point(at: $0 > pivots ? Double(path.count - 1) : Double($0) * scale, of: path) }
    }

    /// The point at a place along `path`, 0 ... `path.count - 1`; whole places are its points bit for bit.
    public func point(at place: Double, of path: [Point]) -> Point {
        let (index, fraction) = Arclength.segment(of: place, count: path.count)
        return fraction == 0 ? path[index] : mix(path[index], path[index + 1], at: fraction)
    }

    /// The same, written over `target`.
    func point(at place: Double, of path: [Point], into target: inout Point) {
        let (index, fraction) = Arclength.segment(of: place, count: path.count)
        mix(path[index], path[min(index + 1, path.count - 1)], at: fraction, into: &target)
    }
}
