/// How images go on beyond their edges.
enum Border {
    /// An index reflected into `0..<count` without repeating the edge (... 2 1 | 0 1 2 ...; OpenCV's reflect-101).
    @inline(__always) static func reflected(_ index: Int, _ count: Int) -> Int {
        if index >= 0, index < count { return index }
        let period = max(2 * (count - 1), 1)
        let folded = ((index % period) + period) % period
        return min(folded, period - folded)
    }

    /// An index reflected into `0..<count` with the edge repeated (... 1 0 | 0 1 2 ...; NumPy's "symmetric").
    @inline(__always) static func symmetric(_ index: Int, _ count: Int) -> Int {
        if index >= 0, index < count { return index }
        let period = 2 * count
        let folded = ((index % period) + period) % period
        return min(folded, period - 1 - folded)
    }
}
