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

    var outputHeight: Int { (inputHeight + stride - 1) / stride }
    var outputWidth: Int { (inputWidth + stride - 1) / stride }
    var inputPixels: Int { inputHeight * inputWidth }
    var outputPixels: Int { outputHeight * outputWidth }
}

/// The nine taps of one channel block, `[row][column]`, held in registers.
struct DepthwiseTaps {
    var rows: InlineArray<3, InlineArray<3, Lane>>

    @inline(__always) init(_ weights: UnsafeRawPointer) {
        rows = InlineArray<3, InlineArray<3, Lane>>(repeating: InlineArray<3, Lane>(repeating: Lane.zero))
        for row in 0..<3 { for column in 0..<3 { rows[row][column] = weights.lane(row &* 3 &+ column) } }
    }
}

/// Depthwise 3x3 convolution of one channel block: `input` `[height][width][16]` to the epilogue, pixel by pixel.
///
/// Also the gradient of a stride-1 convolution, with the flipped kernel and no bias.
/// - Parameters:
///   - weights: nine lanes, `[row][column]`.
///   - bias: one lane.
///   - zeros: a row of `inputWidth` zero lanes, read where the kernel leaves the image.
/// - Complexity: 9 fused multiply-adds a lane, each with its operand from the first cache level.
func depthwise<E: PixelEpilogue>(
    _ input: UnsafeRawPointer, _ geometry: DepthwiseGeometry, weights: UnsafeRawPointer, bias: Lane,
    zeros: UnsafeRawPointer, epilogue: inout E
) {
    if geometry.stride == 1 {
        depthwiseRows(input, geometry, weights, bias, zeros, &epilogue, Stride<1>())
    } else {
        depthwiseRows(input, geometry, weights, bias, zeros, &epilogue, Stride<2>())
    }
}

/// A stride carried as a type.
struct Stride<let S: Int> {}

@inline(__always)
private func depthwiseRows<let S: Int, E: PixelEpilogue>(
    _ input: UnsafeRawPointer, _ geometry: DepthwiseGeometry, _ weights: UnsafeRawPointer, _ bias: Lane,
    _ zeros: UnsafeRawPointer, _ epilogue: inout E, _ stride: Stride<S>
) {
    let taps = DepthwiseTaps(weights)
    let width = geometry.inputWidth
    let outputWidth = geometry.outputWidth
    // Columns whose three taps all lie inside the image.
    let interiorStart = min(outputWidth, (geometry.paddingLeft &+ S &- 1) / S)
    let interiorEnd = max(interiorStart, min(outputWidth, (width &- 3 &+ geometry.paddingLeft) / S &+ 1))
    for y in 0..<geometry.outputHeight {
        var sources = InlineArray<3, UnsafeRawPointer>(repeating: zeros)
        for row in 0..<3 {
            let source = y &* S &- geometry.paddingTop &+ row
            if source >= 0, source < geometry.inputHeight { sources[row] = input + source &* width &* laneBytes }
        }
        let start = y &* outputWidth
        for x in 0..<interiorStart {
            epilogue.store(border(sources, taps, bias, x &* S &- geometry.paddingLeft, width), pixel: start &+ x)
        }
        for x in interiorStart..<interiorEnd {
            let left = x &* S &- geometry.paddingLeft
            var sum = bias
            for row in 0..<3 {
                for column in 0..<3 {
                    sum = sum.addingProduct(sources[row].lane(left &+ column), taps.rows[row][column])
                }
            }
            epilogue.store(sum, pixel: start &+ x)
        }
        for x in interiorEnd..<outputWidth {
            epilogue.store(border(sources, taps, bias, x &* S &- geometry.paddingLeft, width), pixel: start &+ x)
        }
    }
    epilogue.finish(pixels: geometry.outputPixels)
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

/// Gradient of a stride-2 depthwise 3x3 convolution with respect to its input, one channel block.
///
/// `gradient` is `[outputHeight][outputWidth][16]`; the epilogue receives the input's pixels in order.
/// An input row (column) meets either the middle tap alone or the two outer ones, by its parity.
func depthwiseTransposedStride2<E: PixelEpilogue>(
    _ gradient: UnsafeRawPointer, _ geometry: DepthwiseGeometry, weights: UnsafeRawPointer,
    zeros: UnsafeRawPointer, epilogue: inout E
) {
    let taps = DepthwiseTaps(weights)
    let outputWidth = geometry.outputWidth
    for y in 0..<geometry.inputHeight {
        let position = y &+ geometry.paddingTop
        func source(_ row: Int) -> UnsafeRawPointer {
            row >= 0 && row < geometry.outputHeight ? gradient + row &* outputWidth &* laneBytes : zeros
        }
        let start = y &* geometry.inputWidth
        if position & 1 == 1 {
            transposedRow(
                InlineArray<1, UnsafeRawPointer>(repeating: source((position &- 1) / 2)),
                InlineArray<1, InlineArray<3, Lane>>(repeating: taps.rows[1]), geometry, start, &epilogue)
        } else {
            transposedRow(
                [source(position / 2), source(position / 2 &- 1)], [taps.rows[0], taps.rows[2]],
                geometry, start, &epilogue)
        }
    }
    epilogue.finish(pixels: geometry.inputPixels)
}

@inline(__always)
private func transposedRow<let T: Int, E: PixelEpilogue>(
    _ sources: InlineArray<T, UnsafeRawPointer>, _ taps: InlineArray<T, InlineArray<3, Lane>>,
    _ geometry: DepthwiseGeometry, _ start: Int, _ epilogue: inout E
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
        epilogue.store(sum, pixel: start &+ x)
    }
}
