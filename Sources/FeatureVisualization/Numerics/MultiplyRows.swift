/// target `[row, column]` = sum over k of a(row, k) * b `[k, column]`. The element a(row, k) lies at row * rowStride +
/// k * depthStride, so `a` may be transposed. Columns are whole vectors; each row begins at the column that
/// `firstColumn` gives for it.
///
/// Eight rows by sixteen columns at a time, in registers: enough sums side by side to hide an addition's latency.
func multiplyRows(
    _ a: UnsafePointer<Float>, count: Int, rowStride: Int, depthStride: Int, depth: Int, by b: UnsafePointer<Float>,
    columns: Int, firstColumn: (Int) -> Int, into target: UnsafeMutablePointer<Float>
) {
    precondition(columns % vectorWidth == 0, "columns are whole vectors")
    var row = 0
    while row + 8 <= count {
        for column in stride(from: firstColumn(row), to: columns, by: vectorWidth) {
            multiplyTile(
                a + row * rowStride, rowStride, depthStride, depth, b + column, columns,
                target + row * columns + column, Rows<8>())
        }
        row += 8
    }
    while row < count {
        for column in stride(from: firstColumn(row), to: columns, by: vectorWidth) {
            multiplyTile(
                a + row * rowStride, rowStride, depthStride, depth, b + column, columns,
                target + row * columns + column, Rows<1>())
        }
        row += 1
    }
}

/// A number of rows, carried as a type.
private struct Rows<let R: Int> {}

@inline(__always)
private func multiplyTile<let R: Int>(
    _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ depth: Int, _ b: UnsafePointer<Float>,
    _ columns: Int, _ target: UnsafeMutablePointer<Float>, _ rows: Rows<R>
) {
    var sums = InlineArray<R, Vector>(repeating: .zero)
    var (a, b) = (a, b)
    for _ in 0..<depth {
        let column = b.vector(at: 0)
        for row in 0..<R { sums[row] = sums[row].addingProduct(Vector(repeating: a[row &* rowStride]), column) }
        a += depthStride
        b += columns
    }
    for row in 0..<R { target.setVector(at: row &* columns, to: sums[row]) }
}
