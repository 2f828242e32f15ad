/// Geometry of a 3x3 depthwise convolution with zero padding.
struct DepthwiseGeometry: Sendable, Equatable {
    let inputHeight: Int
    let inputWidth: Int
    /// 1 or 2.
    let stride: Int
    /// Rows of padding above the image; the rest lies below.
    let paddingTop: Int
    /// Columns of padding left of the image.
    let paddingLeft: Int

    /// Input rows that some output rows read.
    func inputRows(for rows: Range<Int>) -> Range<Int> {
        let top = rows.lowerBound * stride - paddingTop
        let bottom = (rows.upperBound - 1) * stride - paddingTop + 3
        return max(0, top)..<min(inputHeight, bottom)
    }

    /// Output rows whose gradient some input rows need.
    func outputRows(for rows: Range<Int>) -> Range<Int> {
        // Output row o reads input rows o * stride - paddingTop + 0...2.
        let top = (rows.lowerBound + paddingTop - 2 + stride - 1) / stride
        let bottom = (rows.upperBound - 1 + paddingTop) / stride + 1
        return max(0, top)..<min(outputHeight, bottom)
    }

    var outputHeight: Int { (inputHeight + stride - 1) / stride }
    var outputWidth: Int { (inputWidth + stride - 1) / stride }
    var inputPixels: Int { inputHeight * inputWidth }
    var outputPixels: Int { outputHeight * outputWidth }
}

/// A ring with some rows of one channel block: row `y` lies at place `y % capacity`.
struct RowRing {
    let base: UnsafeRawPointer
    /// Rows that the ring holds.
    let capacity: Int
    /// Rows of the whole plane; beyond them is padding.
    let height: Int
    let rowBytes: Int
    /// Zero lanes, at least a row of them.
    let zeros: UnsafeRawPointer
    /// A multiple of the capacity, at most two capacities before any row that is asked for: saves a division a row.
    var origin = 0

    /// The same ring, for rows from `y` on, as many as it holds.
    @inline(__always) func window(from y: Int) -> RowRing {
        var ring = self
        ring.origin = max(y, 0) / capacity &* capacity
        return ring
    }

    /// The lanes of row `y`, or zeros outside the plane.
    @inline(__always) func row(_ y: Int) -> UnsafeRawPointer {
        guard y >= 0 && y < height else { return zeros }
        let place = y &- origin
        return base + (place < capacity ? place : place &- capacity) &* rowBytes
    }

    /// Rows `y`, `y + 1`, ...
    @inline(__always) func rows<let H: Int>(from y: Int) -> InlineArray<H, UnsafeRawPointer> {
        var pointers = InlineArray<H, UnsafeRawPointer>(repeating: zeros)
        for index in 0..<H { pointers[index] = row(y &+ index) }
        return pointers
    }
}

/// One column of a 3x3 kernel, from top to bottom, of one channel block.
typealias TapColumn = InlineArray<3, Lane>

/// The nine taps of one channel block, held in registers.
struct DepthwiseTaps {
    let left: TapColumn
    let middle: TapColumn
    let right: TapColumn

    /// - Parameter weights: nine lanes, `[row][column]`.
    @inline(__always) init(_ weights: UnsafeRawPointer) {
        left = [weights.lane(0), weights.lane(3), weights.lane(6)]
        middle = [weights.lane(1), weights.lane(4), weights.lane(7)]
        right = [weights.lane(2), weights.lane(5), weights.lane(8)]
    }
}

/// Depthwise 3x3 convolution and ReLU of one channel block: some output rows.
///
/// With stride 1, two output rows are made at a time: 12 loads for 18 fused multiply-adds, so that the multiplications
/// limit the speed and not the loads.
/// - Parameters:
///   - input: the rows that `rows` need, `[y][x][16]`.
///   - weights: nine lanes, `[row][column]`.
///   - output: receives the rows' lanes one after the other.
func depthwiseRectified<R: Rectifier>(
    _ input: RowRing, _ geometry: DepthwiseGeometry, rows: Range<Int>, weights: UnsafeRawPointer, bias: Lane,
    into output: UnsafeMutableRawPointer, _ rectifier: R.Type
) {
    if geometry.stride == 1 {
        depthwisePairs(input, geometry, rows, weights, bias, output, Rectified<R>.self)
    } else {
        depthwiseRows(input, geometry, rows, weights, bias, output, DepthwiseRows<2, 1, 3>(), Rectified<R>.self)
    }
}

/// Gradient of a stride-1 depthwise 3x3 convolution with respect to some of its input's rows, one channel block: the
/// convolution with the kernel turned by 180 degrees.
/// - Parameters:
///   - gradient: the rows of the output's gradient that `rows` need.
///   - weights: nine lanes, `[row][column]`, turned.
///   - output: receives the rows' lanes one after the other.
func depthwiseTransposedStride1(
    _ gradient: RowRing, _ geometry: DepthwiseGeometry, rows: Range<Int>, weights: UnsafeRawPointer,
    into output: UnsafeMutableRawPointer
) {
    depthwisePairs(gradient, geometry, rows, weights, Lane.zero, output, Linear.self)
}

/// What is done to a sum before it is written to memory. Masks have passes of their own (`recordMask`, `applyMask`),
/// since they took longer together with the sums.
private protocol DepthwiseOutput {
    static func value(_ sum: Lane) -> Lane
}

private enum Rectified<R: Rectifier>: DepthwiseOutput {
    @inline(__always) static func value(_ sum: Lane) -> Lane { R.rectified(sum) }
}

private enum Linear: DepthwiseOutput {
    @inline(__always) static func value(_ sum: Lane) -> Lane { sum }
}

/// Stride 1: two output rows at a time, then a last one.
@inline(__always)
private func depthwisePairs<Output: DepthwiseOutput>(
    _ input: RowRing, _ geometry: DepthwiseGeometry, _ rows: Range<Int>, _ weights: UnsafeRawPointer, _ bias: Lane,
    _ output: UnsafeMutableRawPointer, _ kind: Output.Type
) {
    let paired = rows.count & ~1
    depthwiseRows(
        input, geometry, rows.prefix(paired), weights, bias, output, DepthwiseRows<1, 2, 4>(), kind)
    depthwiseRows(
        input, geometry, rows.dropFirst(paired), weights, bias, output + paired &* geometry.outputWidth &* laneBytes,
        DepthwiseRows<1, 1, 3>(), kind)
}

/// A stride `S`, a number `R` of output rows at a time and the number `H = (R - 1) * S + 3` of input rows that they
/// need, carried as a type.
private struct DepthwiseRows<let S: Int, let R: Int, let H: Int> {}

/// Makes `R` output rows at a time; the number of `rows` is a multiple of `R`.
///
/// Never inlined: when the variants were in one function, their taps were kept in memory (twice the time).
@inline(never)
private func depthwiseRows<let S: Int, let R: Int, let H: Int, Output: DepthwiseOutput>(
    _ input: RowRing, _ geometry: DepthwiseGeometry, _ rows: Range<Int>, _ weights: UnsafeRawPointer, _ bias: Lane,
    _ output: UnsafeMutableRawPointer, _ size: DepthwiseRows<S, R, H>, _ kind: Output.Type
) {
    if rows.isEmpty { return }
    let taps = DepthwiseTaps(weights)
    let window = input.window(from: rows.lowerBound &* S &- geometry.paddingTop)
    let (width, outputWidth) = (geometry.inputWidth, geometry.outputWidth)
    var target = output
    var y = rows.lowerBound
    while y < rows.upperBound {
        let sources: InlineArray<H, UnsafeRawPointer> = window.rows(from: y &* S &- geometry.paddingTop)
        var left = 0 &- geometry.paddingLeft
        for x in 0..<outputWidth {
            var sums = InlineArray<R, Lane>(repeating: bias)
            if left >= 0, left &+ 2 < width {
                sums = adding(sums, sources, left, taps.left, size)
                sums = adding(sums, sources, left &+ 1, taps.middle, size)
                sums = adding(sums, sources, left &+ 2, taps.right, size)
            } else {
                // At a border: the columns outside are left out.
                if left >= 0 { sums = adding(sums, sources, left, taps.left, size) }
                if left &+ 1 < width { sums = adding(sums, sources, left &+ 1, taps.middle, size) }
                if left &+ 2 < width { sums = adding(sums, sources, left &+ 2, taps.right, size) }
            }
            for row in 0..<R { target.setLane(row &* outputWidth &+ x, to: Output.value(sums[row])) }
            left &+= S
        }
        target += R &* outputWidth &* laneBytes
        y &+= R
    }
}

/// Adds the contribution of one input column to `R` output rows.
@inline(__always)
private func adding<let S: Int, let R: Int, let H: Int>(
    _ sums: InlineArray<R, Lane>, _ sources: InlineArray<H, UnsafeRawPointer>, _ x: Int, _ taps: TapColumn,
    _ size: DepthwiseRows<S, R, H>
) -> InlineArray<R, Lane> {
    var sums = sums
    for row in 0..<R {
        for tap in 0..<3 { sums[row] = sums[row].addingProduct(sources[row &* S &+ tap].lane(x), taps[tap]) }
    }
    return sums
}

/// Gradient of a stride-2 depthwise 3x3 convolution with respect to some of its input's rows, one channel block.
///
/// An input row (column) meets either the middle tap alone or the two outer ones, by its parity.
/// - Parameters:
///   - gradient: the rows of the output's gradient that `rows` need.
///   - output: receives the rows' lanes one after the other.
func depthwiseTransposedStride2(
    _ gradient: RowRing, _ geometry: DepthwiseGeometry, rows: Range<Int>, weights: UnsafeRawPointer,
    into output: UnsafeMutableRawPointer
) {
    let taps = DepthwiseTaps(weights)
    let window = gradient.window(from: (rows.lowerBound &+ geometry.paddingTop) / 2 &- 1)
    var target = output
    for y in rows {
        let position = y &+ geometry.paddingTop
        if position & 1 == 1 {
            transposedRow([window.row(position / 2)], taps, [1], geometry, target)
        } else {
            transposedRow([window.row(position / 2), window.row(position / 2 &- 1)], taps, [0, 2], geometry, target)
        }
        target += geometry.inputWidth &* laneBytes
    }
}

/// One input row from `T` rows of the output's gradient, each with its row of the kernel.
///
/// Columns come in pairs: padded column 2o meets left taps at o and right taps at o - 1, column 2o + 1 middle taps.
@inline(__always)
private func transposedRow<let T: Int>(
    _ sources: InlineArray<T, UnsafeRawPointer>, _ taps: DepthwiseTaps, _ kernelRows: InlineArray<T, Int>,
    _ geometry: DepthwiseGeometry, _ target: UnsafeMutableRawPointer
) {
    let (width, outputWidth) = (geometry.inputWidth, geometry.outputWidth)
    var left = InlineArray<T, Lane>(repeating: Lane.zero)
    var middle = left
    var right = left
    for source in 0..<T {
        left[source] = taps.left[kernelRows[source]]
        middle[source] = taps.middle[kernelRows[source]]
        right[source] = taps.right[kernelRows[source]]
    }
    // What gradient o - 1 adds to padded column 2o.
    var carry = Lane.zero
    for o in 0..<outputWidth {
        var (even, odd, next) = (carry, Lane.zero, Lane.zero)
        for source in 0..<T {
            let value = sources[source].lane(o)
            even = even.addingProduct(value, left[source])
            odd = odd.addingProduct(value, middle[source])
            next = next.addingProduct(value, right[source])
        }
        let x = 2 &* o &- geometry.paddingLeft
        if x >= 0 { target.setLane(x, to: even) }
        if x &+ 1 < width { target.setLane(x &+ 1, to: odd) }
        carry = next
    }
    let last = 2 &* outputWidth &- geometry.paddingLeft
    if last < width { target.setLane(last, to: carry) }
}
