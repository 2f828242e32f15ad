/// The image with its border, `[height + 2][width + 2][3]`, as the stem reads it.
struct PaddedImageGeometry: Sendable, Equatable {
    let height: Int
    let width: Int
    let paddingTop: Int
    let paddingLeft: Int

    /// Bytes of a row.
    var rowBytes: Int { (width + 2) * 3 * 4 }
    /// The stem has stride 2.
    var outputHeight: Int { (height + 1) / 2 }
    var outputWidth: Int { (width + 1) / 2 }
    var outputPixels: Int { outputHeight * outputWidth }
    /// Floats to allocate.
    var count: Int { (height + 2) * (width + 2) * 3 }
}

/// Fills the border with `color`; the interior is copied anew for each image.
func fillPaddedImage(_ padded: UnsafeMutableRawPointer, _ geometry: PaddedImageGeometry, color: [Float]) {
    let floats = padded.assumingMemoryBound(to: Float.self)
    for index in 0..<geometry.count { floats[index] = color[index % 3] }
}

/// Copies an image `[height][width][3]` into the padded one.
func copyImage(_ pixels: UnsafeRawPointer, into padded: UnsafeMutableRawPointer, _ geometry: PaddedImageGeometry) {
    let bytes = geometry.width * 12
    let corner = padded + geometry.paddingTop * geometry.rowBytes + geometry.paddingLeft * 12
    for y in 0..<geometry.height {
        (corner + y * geometry.rowBytes).copyMemory(from: pixels + y * bytes, byteCount: bytes)
    }
}

/// The stem's 3x3 stride-2 convolution of some output rows: a matrix product each, straight from the padded image.
func multiplyStem<E: TileEpilogue>(
    _ padded: UnsafeRawPointer, _ geometry: PaddedImageGeometry, rows: Range<Int>, by weights: PackedMatrix,
    panels: Range<Int>,
    epilogue: E
) {
    for y in rows {
        let operand = RowOperand(
            base: padded + 2 &* y &* geometry.rowBytes, rowStride: 2 &* 3 &* 4, segmentLength: 9,
            segmentStride: geometry.rowBytes)
        let pixels = y &* geometry.outputWidth..<(y &+ 1) &* geometry.outputWidth
        multiply(operand, pixels: pixels, by: weights, panels: panels, epilogue: epilogue)
    }
}

/// Gradient of the stem with respect to the image, from some rows of its output's gradient (all rows in order, in as
/// many calls as it takes): a matrix product per row, then col2im as a sliding sum.
///
/// Padded image row 2y meets kernel row 0 of output row y and kernel row 2 of output row y - 1; row 2y + 1 meets
/// kernel row 1 of output row y.
/// - Parameters:
///   - gradient: the rows, masked.
///   - weights: `FoldedBlock.expandTransposed`: 27 columns, `[kernel row][kernel column][rgb]`.
///   - zeros: two zero lanes.
///   - products: scratch of `stemProductLanes(width:)` lanes, kept between calls.
///   - pixels: receives `[height][width][3]`.
func stemGradient(
    _ gradient: LanePlane, _ geometry: PaddedImageGeometry, rows: Range<Int>, weights: PackedMatrix,
    zeros: UnsafeRawPointer, products: UnsafeMutableRawPointer, pixels: UnsafeMutableRawPointer
) {
    let width = geometry.outputWidth
    let bankBytes = stemProductLanes(width: width) / 2 * laneBytes
    func product(_ y: Int, kernelRow: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(products) + (y & 1) * bankBytes + kernelRow * stemRowFloats * 4
    }
    func write(paddedRow: Int, _ first: UnsafeRawPointer, _ second: UnsafeRawPointer?) {
        let y = paddedRow - geometry.paddingTop
        guard y >= 0, y < geometry.height else { return }
        slideColumns(first, second, geometry, pixels + y * geometry.width * 12)
    }
    for y in rows {
        multiply(
            .blocked(gradient, from: y * width), pixels: 0..<width, by: weights, panels: weights.panels,
            epilogue: LinearEpilogue(
                output: LanePlane(
                    base: products + (y & 1) * bankBytes, blockStride: 1, pixelStride: stemPixelLanes), bias: zeros))
        write(paddedRow: 2 * y, product(y, kernelRow: 0), y > 0 ? product(y - 1, kernelRow: 2) : nil)
        write(paddedRow: 2 * y + 1, product(y, kernelRow: 1), nil)
    }
    if rows.upperBound == geometry.outputHeight {
        write(paddedRow: 2 * geometry.outputHeight, product(geometry.outputHeight - 1, kernelRow: 2), nil)
    }
}

/// Floats of a kernel row: 3 columns x RGB.
private let stemRowFloats = 9
/// Lanes of a pixel's 27 products, which lie side by side: `[pixel][32]`.
private let stemPixelLanes = 2

/// Lanes of scratch for two rows of products; one more each, since they are read by whole lanes.
func stemProductLanes(width: Int) -> Int { 2 * (stemPixelLanes * width + 1) }

/// Adds up products `[x][column][rgb]` whose columns overlap by one between neighbours into one image row.
///
/// The row is written in overlapping vectors of 8 floats of which 6 are final; the sum of the third column waits
/// in `carry` for its neighbour. At both ends what lies outside the image is left out.
private func slideColumns(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer?, _ geometry: PaddedImageGeometry,
    _ row: UnsafeMutableRawPointer
) {
    let width = geometry.outputWidth
    var carry = SIMD8<Float>.zero
    func write(_ values: SIMD8<Float>, count: Int, x: Int) {
        for index in 0..<count {
            let place = (2 * x - geometry.paddingLeft) * 3 + index
            guard place >= 0, place < geometry.width * 3 else { continue }
            row.storeBytes(of: values[index], toByteOffset: place * 4, as: Float.self)
        }
    }
    for x in 0..<width {
        var sum = first.lane(x &* stemPixelLanes)
        if let second { sum += second.lane(x &* stemPixelLanes) }
        let low = sum.lowHalf + carry
        if x > 0, x < width &- 1 {
            row.storeBytes(of: low, toByteOffset: (2 &* x &- geometry.paddingLeft) &* 12, as: SIMD8<Float>.self)
        } else {
            write(low, count: 6, x: x)
        }
        carry = SIMD8(sum[6], sum[7], sum[8], 0, 0, 0, 0, 0)
    }
    write(carry, count: 3, x: width)
}
