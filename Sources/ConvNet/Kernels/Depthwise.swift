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

/// The rows of one channel block that are at hand, in a ring: row `y` lies at place `y % capacity`.
struct RowRing {
    let base: UnsafeRawPointer
    /// Rows that the ring holds.
    let capacity: Int
    /// Rows of the whole plane; beyond them is padding.
    let height: Int
    let rowBytes: Int
    /// Zero lanes, at least a row of them.
    let zeros: UnsafeRawPointer

    /// The lanes of row `y`, or zeros outside the plane.
    @inline(__always) func row(_ y: Int) -> UnsafeRawPointer {
        y >= 0 && y < height ? base + (y % capacity) &* rowBytes : zeros
    }
}

/// The nine taps of one channel block, `[row][column]`, held in registers.
struct DepthwiseTaps {
    var rows: InlineArray<3, InlineArray<3, Lane>>

    @inline(__always) init(_ weights: UnsafeRawPointer) {
        rows = InlineArray<3, InlineArray<3, Lane>>(repeating: InlineArray<3, Lane>(repeating: Lane.zero))
        for row in 0..<3 { for column in 0..<3 { rows[row][column] = weights.lane(row &* 3 &+ column) } }
    }
}

/// Depthwise 3x3 convolution of one channel block: some output rows.
///
/// Also the gradient of a stride-1 convolution, with the flipped kernel and no bias.
/// - Parameters:
///   - input: the rows that `rows` need, `[y][x][16]`.
///   - weights: nine lanes, `[row][column]`.
///   - output: receives the rows' lanes one after the other.
/// - Complexity: 9 fused multiply-adds a lane, each with its operand from the first cache level.
func depthwise(
    _ input: RowRing, _ geometry: DepthwiseGeometry, rows: Range<Int>, weights: UnsafeRawPointer, bias: Lane,
    into output: UnsafeMutableRawPointer
) {
    if geometry.stride == 1 {
        depthwiseRows(input, geometry, rows, weights, bias, output, Stride<1>())
    } else {
        depthwiseRows(input, geometry, rows, weights, bias, output, Stride<2>())
    }
}

/// A stride carried as a type.
struct Stride<let S: Int> {}

@inline(__always)
private func depthwiseRows<let S: Int>(
    _ input: RowRing, _ geometry: DepthwiseGeometry, _ rows: Range<Int>, _ weights: UnsafeRawPointer, _ bias: Lane,
    _ output: UnsafeMutableRawPointer, _ stride: Stride<S>
) {
    let taps = DepthwiseTaps(weights)
    let width = geometry.inputWidth
    let outputWidth = geometry.outputWidth
    // Columns whose three taps all lie inside the image.
    let interiorStart = min(outputWidth, (geometry.paddingLeft &+ S &- 1) / S)
    let lastLeft = width &- 3 &+ geometry.paddingLeft
    let interiorEnd = lastLeft < 0 ? interiorStart : max(interiorStart, min(outputWidth, lastLeft / S &+ 1))
    for y in rows {
        let top = y &* S &- geometry.paddingTop
        let sources: InlineArray<3, UnsafeRawPointer> = [input.row(top), input.row(top &+ 1), input.row(top &+ 2)]
        let start = (y &- rows.lowerBound) &* outputWidth
        for x in 0..<interiorStart {
            output.setLane(start &+ x, to: border(sources, taps, bias, x &* S &- geometry.paddingLeft, width))
        }
        for x in interiorStart..<interiorEnd {
            let left = x &* S &- geometry.paddingLeft
            var sum = bias
            for row in 0..<3 {
                for column in 0..<3 {
                    sum = sum.addingProduct(sources[row].lane(left &+ column), taps.rows[row][column])
                }
            }
            output.setLane(start &+ x, to: sum)
        }
        for x in interiorEnd..<outputWidth {
            output.setLane(start &+ x, to: border(sources, taps, bias, x &* S &- geometry.paddingLeft, width))
        }
    }
}

/// One lane at the image's left or right border: the columns outside are left out.
@inline(__always)
private func border(
    _ sources: InlineArray<3, UnsafeRawPointer>, _ taps: DepthwiseTaps, _ bias: Lane, _ left: Int, _ width: Int
) -> Lane {
    var sum = bias
    for column in 0..<3 where left &+ column >= 0 && left &+ column < width {
        for row in 0..<3 {
            sum = sum.addingProduct(sources[row].lane(left &+ column), taps.rows[row][column])
        }
    }
    return sum
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
    for y in rows {
        let position = y &+ geometry.paddingTop
        let target = output + (y &- rows.lowerBound) &* geometry.inputWidth &* laneBytes
        if position & 1 == 1 {
            transposedRow(
                InlineArray<1, UnsafeRawPointer>(repeating: gradient.row(position / 2)),
                InlineArray<1, InlineArray<3, Lane>>(repeating: taps.rows[1]), geometry, target)
        } else {
            transposedRow(
                [gradient.row(position / 2), gradient.row(position / 2 &- 1)], [taps.rows[0], taps.rows[2]],
                geometry, target)
        }
    }
}

@inline(__always)
private func transposedRow<let T: Int>(
    _ sources: InlineArray<T, UnsafeRawPointer>, _ taps: InlineArray<T, InlineArray<3, Lane>>,
    _ geometry: DepthwiseGeometry, _ target: UnsafeMutableRawPointer
) {
    let outputWidth = geometry.outputWidth
    for x in 0..<geometry.inputWidth {
        let position = x &+ geometry.paddingLeft
        let output = position / 2
        var sum = Lane.zero
        if position & 1 == 1 {
            if output < outputWidth {
                for row in 0..<T { sum = sum.addingProduct(sources[row].lane(output), taps[row][1]) }
            }
        } else {
            if output < outputWidth {
                for row in 0..<T { sum = sum.addingProduct(sources[row].lane(output), taps[row][0]) }
            }
            if output > 0 {
                for row in 0..<T { sum = sum.addingProduct(sources[row].lane(output &- 1), taps[row][2]) }
            }
        }
        target.setLane(x, to: sum)
    }
}
