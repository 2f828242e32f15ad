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

/// The stem's 3x3 stride-2 convolution: one matrix product per output row, straight from the padded image.
func multiplyStem<E: TileEpilogue>(
    _ padded: UnsafeRawPointer, _ geometry: PaddedImageGeometry, by weights: PackedMatrix, epilogue: E
) {
    for y in 0..<geometry.outputHeight {
        let rows = RowOperand(
            base: padded + 2 &* y &* geometry.rowBytes, rowStride: 2 &* 3 &* 4, segmentLength: 9,
            segmentStride: geometry.rowBytes)
        multiply(rows, first: y &* geometry.outputWidth, count: geometry.outputWidth, by: weights, epilogue: epilogue)
    }
}

/// Gradient of the stem with respect to the image: a matrix product per row, then col2im as a sliding sum.
///
/// - Parameters:
///   - gradient: the stem's output gradient, blocked, already masked.
///   - weights: `FoldedBlock.expandTransposed`: one column block for each row of the kernel.
///   - zeros: three zero lanes.
///   - products: scratch for two rows of products, `2 * 3 * outputWidth` lanes.
///   - row: scratch for one padded image row and a lane more.
///   - pixels: receives `[height][width][3]`.
func stemGradient(
    _ gradient: UnsafeRawPointer, _ geometry: PaddedImageGeometry, weights: PackedMatrix, zeros: UnsafeRawPointer,
    products: UnsafeMutableRawPointer, row: UnsafeMutableRawPointer, pixels: UnsafeMutableRawPointer
) {
    let width = geometry.outputWidth
    let bank = 3 * width * laneBytes
    let bytes = geometry.width * 12
    func product(_ y: Int, kernelRow: Int) -> UnsafeRawPointer {
        let lanes = kernelRow * width
        return UnsafeRawPointer(products) + (y & 1) * bank + lanes * laneBytes
    }
    func multiplyRow(_ y: Int) {
        let start = y * width
        multiply(
            .blocked(gradient + start * laneBytes, pixels: geometry.outputPixels), count: width, by: weights,
            epilogue: LinearEpilogue(output: products + (y & 1) * bank, pixels: width, bias: zeros))
    }
    // A padded row meets kernel row 1 of one output row, or rows 0 and 2 of two neighbouring ones.
    multiplyRow(0)
    for y in 0..<geometry.height {
        let padded = y &+ geometry.paddingTop
        let output = padded / 2
        if padded & 1 == 1 {
            slideColumns(product(output, kernelRow: 1), nil, width, row)
        } else {
            if output < geometry.outputHeight, output > 0 { multiplyRow(output) }
            let upper = output < geometry.outputHeight ? product(output, kernelRow: 0) : nil
            let lower = output > 0 ? product(output &- 1, kernelRow: 2) : nil
            // One of the two exists: the image's rows all lie under some output row.
            if let first = upper ?? lower { slideColumns(first, upper == nil ? nil : lower, width, row) }
        }
        (pixels + y * bytes).copyMemory(from: row + geometry.paddingLeft * 12, byteCount: bytes)
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
