/// A matrix of lanes: each number is there for sixteen batches at once.
struct LaneMatrix {
    let base: UnsafeRawPointer
    /// Lanes from a row to the next, and from a column to the next.
    let rowStride: Int
    let columnStride: Int

    @inline(__always) func pointer(_ row: Int, _ column: Int) -> UnsafeRawPointer {
        base + (row &* rowStride &+ column &* columnStride) &* laneBytes
    }
}

/// target `[rows, columns]` = a `[rows, depth]` * b `[depth, columns]`, for sixteen batches; written or added.
///
/// Sums of two rows and four columns stay in registers over the depth.
func multiplyLanes(
    _ a: LaneMatrix, _ b: LaneMatrix, into target: UnsafeMutableRawPointer, rows: Int, depth: Int, columns: Int,
    adds: Bool
) {
    for row in stride(from: 0, to: rows, by: 2) {
        for column in stride(from: 0, to: columns, by: 4) {
            // At the ends the last row and columns are computed more than once, and written once.
            let (height, width) = (min(2, rows &- row), min(4, columns &- column))
            var (left0, left1) = (a.pointer(row, 0), a.pointer(row &+ height &- 1, 0))
            var above0 = b.pointer(0, column)
            let offset1 = min(1, width &- 1) &* b.columnStride
            let offset2 = min(2, width &- 1) &* b.columnStride
            let offset3 = min(3, width &- 1) &* b.columnStride
            var sums = InlineArray<8, Lane>(repeating: Lane.zero)
            for _ in 0..<depth {
                let (x0, x1) = (left0.lane(0), left1.lane(0))
                let y0 = above0.lane(0)
                let y1 = above0.lane(offset1)
                let y2 = above0.lane(offset2)
                let y3 = above0.lane(offset3)
                sums[0] = sums[0].addingProduct(x0, y0)
                sums[1] = sums[1].addingProduct(x0, y1)
                sums[2] = sums[2].addingProduct(x0, y2)
                sums[3] = sums[3].addingProduct(x0, y3)
                sums[4] = sums[4].addingProduct(x1, y0)
                sums[5] = sums[5].addingProduct(x1, y1)
                sums[6] = sums[6].addingProduct(x1, y2)
                sums[7] = sums[7].addingProduct(x1, y3)
                left0 += a.columnStride &* laneBytes
                left1 += a.columnStride &* laneBytes
                above0 += b.rowStride &* laneBytes
            }
            for y in 0..<height {
                for x in 0..<width {
                    target.put(sums[y &* 4 &+ x], at: (row &+ y) &* columns &+ column &+ x, adds: adds)
                }
            }
        }
    }
}
