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

/// Fills the border with `colour`; the interior is copied anew for each image.
func fillPaddedImage(_ padded: UnsafeMutableRawPointer, _ geometry: PaddedImageGeometry, colour: [Float]) {
    let floats = padded.assumingMemoryBound(to: Float.self)
    for index in 0..<geometry.count { floats[index] = colour[index % 3] }
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
///   - weights: `FoldedBlock.expandTransposed`: one column block for each row of the kernel.
///   - zeros: three zero lanes.
///   - products: scratch for two rows of products, `2 * 3 * outputWidth` lanes, kept between calls.
///   - row: scratch for one padded image row and a lane more.
///   - pixels: receives `[height][width][3]`.
func stemGradient(
    _ gradient: LanePlane, _ geometry: PaddedImageGeometry, rows: Range<Int>, weights: PackedMatrix,
    zeros: UnsafeRawPointer, products: UnsafeMutableRawPointer, row: UnsafeMutableRawPointer,
    pixels: UnsafeMutableRawPointer
) {
    let width = geometry.outputWidth
    let bank = 3 * width * laneBytes
    func product(_ y: Int, kernelRow: Int) -> UnsafeRawPointer {
        let lanes = kernelRow * width
        return UnsafeRawPointer(products) + (y & 1) * bank + lanes * laneBytes
    }
    func write(paddedRow: Int) {
        let y = paddedRow - geometry.paddingTop
        guard y >= 0, y < geometry.height else { return }
        let bytes = geometry.width * 12
        (pixels + y * bytes).copyMemory(from: row + geometry.paddingLeft * 12, byteCount: bytes)
    }
    for y in rows {
        multiply(
            .blocked(gradient, from: y * width), pixels: 0..<width, by: weights, panels: weights.panels,
            epilogue: LinearEpilogue(
                output: LanePlane(base: products + (y & 1) * bank, blockStride: width), bias: zeros))
        slideColumns(product(y, kernelRow: 0), y > 0 ? product(y - 1, kernelRow: 2) : nil, width, row)
        write(paddedRow: 2 * y)
        slideColumns(product(y, kernelRow: 1), nil, width, row)
        write(paddedRow: 2 * y + 1)
    }
    if rows.upperBound == geometry.outputHeight {
        slideColumns(product(geometry.outputHeight - 1, kernelRow: 2), nil, width, row)
        write(paddedRow: 2 * geometry.outputHeight)
    }
}

/// Adds up products `[x][column][rgb]` whose columns overlap by one between neighbours into one padded image row.
///
/// The row is written in overlapping vectors of 8 floats of which 6 are final; the sum of the third column waits
/// in `carry` for its neighbour.
private func slideColumns(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer?, _ width: Int, _ row: UnsafeMutableRawPointer
) {
    var carry = SIMD8<Float>.zero
    for x in 0..<width {
        var sum = first.lane(x)
        if let second { sum += second.lane(x) }
        let low = sum.lowHalf + carry
        row.storeBytes(of: low, toByteOffset: x &* 24, as: SIMD8<Float>.self)
        carry = SIMD8(sum[6], sum[7], sum[8], 0, 0, 0, 0, 0)
    }
    row.storeBytes(of: carry, toByteOffset: width &* 24, as: SIMD8<Float>.self)
}
