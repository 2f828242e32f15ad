import Networks

/// The image as the network sees it, normalized, with zeros around: `[height + top + bottom][width + left +
/// right][channels]`, as convolutions of the image read it.
struct PaddedImageGeometry: Sendable, Equatable {
    let channels: Int
    let height: Int
    let width: Int
    let paddingTop: Int
    let paddingLeft: Int
    let paddingBottom: Int
    let paddingRight: Int
    let strideY: Int
    let strideX: Int
    let outputHeight: Int
    let outputWidth: Int

    init(_ convolution: Convolution, image: MapShape, output: MapShape) {
        channels = image.channels
        height = image.height
        width = image.width
        paddingTop = convolution.top
        paddingLeft = convolution.left
        strideY = convolution.strideY
        strideX = convolution.strideX
        outputHeight = output.height
        outputWidth = output.width
        // No more than is read, but as much: padding may be asked for that no window reaches.
        paddingBottom = max((outputHeight - 1) * strideY + convolution.kernelHeight - paddingTop - height, 0)
        paddingRight = max((outputWidth - 1) * strideX + convolution.kernelWidth - paddingLeft - width, 0)
    }

    /// Bytes of a row.
    var rowBytes: Int { (paddingLeft + width + paddingRight) * channels * 4 }
    var outputPixels: Int { outputHeight * outputWidth }
    /// Floats to allocate.
    var count: Int { (paddingTop + height + paddingBottom) * rowBytes / 4 }
}

/// Copies an image `[height][width][rgb]` in -1...1 into the padded one, normalized. The padding stays as it is.
func copyImage(
    _ pixels: UnsafeRawPointer, _ input: ImageInput, into padded: UnsafeMutableRawPointer,
    _ geometry: PaddedImageGeometry
) {
    let channels = geometry.channels
    let corner = padded + geometry.paddingTop * geometry.rowBytes + geometry.paddingLeft * channels * 4
    if channels == 3, input.colors == [0, 1, 2] {
        copyColors(pixels, input, into: corner, geometry)
        return
    }
    for y in 0..<geometry.height {
        let from = (pixels + y * geometry.width * 12).assumingMemoryBound(to: Float.self)
        let to = (corner + y * geometry.rowBytes).assumingMemoryBound(to: Float.self)
        for x in 0..<geometry.width {
            for channel in 0..<channels { to[x * channels + channel] = input.value(from + x * 3, channel: channel) }
        }
    }
}

/// Three channels in the image's own order: sixteen pixels are three lanes, with the same scales in every three lanes.
private func copyColors(
    _ pixels: UnsafeRawPointer, _ input: ImageInput, into corner: UnsafeMutableRawPointer,
    _ geometry: PaddedImageGeometry
) {
    var scale = InlineArray<3, Lane>(repeating: Lane.zero)
    var shift = scale
    for index in 0..<3 * laneWidth {
        scale[index / laneWidth][index % laneWidth] = input.scale[index % 3]
        shift[index / laneWidth][index % laneWidth] = input.shift[index % 3]
    }
    let floats = geometry.width &* 3
    for y in 0..<geometry.height {
        let from = pixels + y &* floats &* 4
        let to = corner + y &* geometry.rowBytes
        var place = 0
        while place &+ 3 &* laneWidth <= floats {
            for part in 0..<3 {
                let offset = (place &+ part &* laneWidth) &* 4
                let lane = from.loadUnaligned(fromByteOffset: offset, as: Lane.self)
                to.storeBytes(of: shift[part].addingProduct(lane, scale[part]), toByteOffset: offset, as: Lane.self)
            }
            place &+= 3 &* laneWidth
        }
        while place < floats {
            let value = from.loadUnaligned(fromByteOffset: place &* 4, as: Float.self)
            let color = place % 3
            to.storeBytes(
                of: input.shift[color].addingProduct(value, input.scale[color]), toByteOffset: place &* 4,
                as: Float.self)
            place &+= 1
        }
    }
}

extension ImageInput {
    /// One channel of a pixel `[rgb]`.
    @inline(__always) func value(_ pixel: UnsafePointer<Float>, channel: Int) -> Float {
        let color = channels == 1 ? (pixel[0] + pixel[1] + pixel[2]) / 3 : pixel[colors[channel]]
        return shift[channel].addingProduct(color, scale[channel])
    }

    /// Writes a pixel's gradient `[rgb]` from that by the network's channels.
    @inline(__always) func write(_ gradient: UnsafePointer<Float>, to pixel: UnsafeMutablePointer<Float>) {
        if channels == 1 {
            let part = gradient[0] * scale[0] / 3
            for color in 0..<3 { pixel[color] = part }
        } else {
            for channel in 0..<3 { pixel[colors[channel]] = gradient[channel] * scale[channel] }
        }
    }
}

/// The convolution of some output rows: a matrix product each, straight from the padded image.
func multiplyStem<E: TileEpilogue>(
    _ padded: UnsafeRawPointer, _ geometry: PaddedImageGeometry, kernelWidth: Int, rows: Range<Int>,
    by weights: PackedMatrix, panels: Range<Int>, epilogue: E
) {
    for y in rows {
        let operand = RowOperand(
            base: padded + geometry.strideY &* y &* geometry.rowBytes,
            rowStride: geometry.strideX &* geometry.channels &* 4,
            segmentLength: kernelWidth &* geometry.channels, segmentStride: geometry.rowBytes)
        let pixels = y &* geometry.outputWidth..<(y &+ 1) &* geometry.outputWidth
        multiply(operand, pixels: pixels, by: weights, panels: panels, epilogue: epilogue)
    }
}

/// Gradient of a 3x3 convolution with stride 2 of three channels with respect to the image, from some rows of its output's gradient (all rows in order, in as
/// many calls as it takes): a matrix product per row, then col2im as a sliding sum.
///
/// Padded image row 2y meets kernel row 0 of output row y and kernel row 2 of output row y - 1; row 2y + 1 meets
/// kernel row 1 of output row y.
/// - Parameters:
///   - gradient: the rows, masked.
///   - weights: 27 columns, `[kernel row][kernel column][rgb]`, by pixels in -1...1.
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
            RowOperand.blocked(gradient, from: y * width), pixels: 0..<width, by: weights, panels: weights.panels,
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
