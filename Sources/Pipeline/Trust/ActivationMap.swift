import ConvNet

/// One unit's map for one image.
struct ActivationMap {
    let height: Int
    let width: Int
    /// Row by row.
    let values: [Float]

    init(height: Int, width: Int, values: [Float]) {
        precondition(values.count == height * width && !values.isEmpty, "a map has its size")
        (self.height, self.width, self.values) = (height, width, values)
    }

    /// - Parameter activations: of a layer, `[height, width, unit]`.
    init(_ activations: Tensor, unit: Int) {
        let (height, width, units) = (activations.shape[0], activations.shape[1], activations.shape[2])
        self.init(
            height: height, width: width,
            values: (0..<height * width).map { activations.values[$0 * units + unit] })
    }

    /// The middle of the cell with the largest value, the first of equals, as parts of width and height.
    var peak: (x: Double, y: Double) {
        let place = values.indices.max { (values[$0], $1) < (values[$1], $0) } ?? 0
        return (
            (Double(place % width) + 0.5) / Double(width), (Double(place / width) + 0.5) / Double(height)
        )
    }

    /// The value at a place, straight lines between the cells' middles, and even beyond the outer ones.
    private func value(x: Double, y: Double) -> Double {
        func cells(_ place: Double, _ count: Int) -> (low: Int, high: Int, part: Double) {
            let place = min(max(place * Double(count) - 0.5, 0), Double(count - 1))
            let low = min(Int(place), max(count - 2, 0))
            return (low, min(low + 1, count - 1), place - Double(low))
        }
        let (column, row) = (cells(x, width), cells(y, height))
        func mix(_ y: Int) -> Double {
            let (a, b) = (Double(values[y * width + column.low]), Double(values[y * width + column.high]))
            return a + (b - a) * column.part
        }
        let (a, b) = (mix(row.low), mix(row.high))
        return a + (b - a) * row.part
    }

    /// Squares of the outline's grid in each direction.
    private static let grid = 32

    /// Where the map is above half of its largest value, within a part of the image: closed lines of x and y in turn, as
    /// parts of that part's width and height (marching squares). None for a map of one cell, or one that is nowhere above 0.
    func outline(left: Double, top: Double, width partWidth: Double, height partHeight: Double) -> [[Double]] {
        guard values.count > 1, let largest = values.max(), largest > 0, largest.isFinite else { return [] }
        let level = Double(largest) / 2
        let count = Self.grid + 1
        // A border of low values closes lines at the part's edges.
        let side = count + 2
        var heights = [Double](repeating: -level, count: side * side)
        for row in 0..<count {
            for column in 0..<count {
                let (x, y) = (Double(column) / Double(Self.grid), Double(row) / Double(Self.grid))
                heights[(row + 1) * side + column + 1] = value(x: left + x * partWidth, y: top + y * partHeight) - level
            }
        }
        return MarchingSquares(heights: heights, side: side).lines().map { line in
            line.flatMap { point in
                [point.x, point.y].map { place in
                    // Three digits are less than a pixel.
                    (min(max((place - 1) / Double(Self.grid), 0), 1) * 1000).rounded() / 1000
                }
            }
        }
    }
}

/// The lines at height 0 of a square grid of numbers, below 0 along its border.
struct MarchingSquares {
    /// Row by row.
    let heights: [Double]
    /// Numbers in each direction.
    let side: Int

    typealias Point = (x: Double, y: Double)

    /// An edge between two neighbours: of the number at its left or upper end, to the right or down.
    private struct Edge: Hashable {
        let place: Int
        let isDown: Bool
    }

    /// Closed lines, in the grid's steps. What is above lies to their right.
    func lines() -> [[Point]] {
        var next: [Edge: Edge] = [:]
        var order: [Edge] = []
        for row in 0..<side - 1 {
            for column in 0..<side - 1 {
                for (from, to) in segments(row * side + column) {
                    next[from] = to
                    order.append(from)
                }
            }
        }
        var lines: [[Point]] = []
        for start in order where next[start] != nil {
            var line: [Point] = []
            var edge = start
            while let following = next.removeValue(forKey: edge) {
                line.append(point(edge))
                edge = following
            }
            lines.append(line)
        }
        return lines
    }

    /// The pieces of lines in the cell whose upper left number this is: from an edge to an edge.
    private func segments(_ place: Int) -> [(Edge, Edge)] {
        let corners = [place, place + 1, place + side + 1, place + side].map { heights[$0] > 0 }
        let top = Edge(place: place, isDown: false)
        let right = Edge(place: place + 1, isDown: true)
        let bottom = Edge(place: place + side, isDown: false)
        let left = Edge(place: place, isDown: true)
        // Clockwise from the upper left.
        switch (corners[0], corners[1], corners[2], corners[3]) {
        case (false, false, false, false), (true, true, true, true): return []
        case (true, false, false, false): return [(top, left)]
        case (false, true, false, false): return [(right, top)]
        case (false, false, true, false): return [(bottom, right)]
        case (false, false, false, true): return [(left, bottom)]
        case (true, true, false, false): return [(right, left)]
        case (false, true, true, false): return [(bottom, top)]
        case (false, false, true, true): return [(left, right)]
        case (true, false, false, true): return [(top, bottom)]
        case (false, true, true, true): return [(left, top)]
        case (true, false, true, true): return [(top, right)]
        case (true, true, false, true): return [(right, bottom)]
        case (true, true, true, false): return [(bottom, left)]
        case (true, false, true, false): return [(top, left), (bottom, right)]
        case (false, true, false, true): return [(right, top), (left, bottom)]
        }
    }

    private func point(_ edge: Edge) -> Point {
        let other = edge.isDown ? edge.place + side : edge.place + 1
        let (a, b) = (heights[edge.place], heights[other])
        let part = a == b ? 0.5 : a / (a - b)
        let (x, y) = (Double(edge.place % side), Double(edge.place / side))
        return edge.isDown ? (x, y + part) : (x + part, y)
    }
}
