import Networks

/// An inverted residual block in strips of rows (see `InvertedResidualStrips`): its expanded tensors never exist as a
/// whole, and of them only masks are kept.
///
/// Where the block ends in the target, its units' means need no map at all: the projection is linear, so that a unit's
/// mean is its row of the matrix times the means of what the projection reads; and the gradient by that is the same at
/// every pixel. In both directions the last matrix product becomes one with a single row.
final class InvertedResidual: MapOperation {
    override var kind: String { "inverted residual block" }

    let block: InvertedResidualBlock
    let weights: PackedInvertedResidual
    let geometry: DepthwiseGeometry
    let strips: InvertedResidualStrips
    /// Nil for a block that reads a map.
    let stem: Stem?
    /// Zero lanes: a row as wide as the widest map, a bias as long as the widest tensor's.
    let zeros: AlignedBuffer
    /// Sums over pixels of the last rectified layer, one lane for each channel block.
    let sums: AlignedBuffer
    /// Gradient of the last rectified layer where it is the same at every pixel, one lane for each channel block.
    let seed: AlignedBuffer
    /// Gradient of the residual where it is the same at every pixel: the bias of the way back.
    let constant: AlignedBuffer

    /// What a block that reads the image has of its own.
    final class Stem {
        let image: ImageMemory
        let geometry: PaddedImageGeometry
        let padded: AlignedBuffer
        let products: AlignedBuffer

        init(_ image: ImageMemory, _ convolution: Convolution, input: MapShape, output: MapShape) {
            self.image = image
            geometry = PaddedImageGeometry(convolution, image: input, output: output)
            padded = AlignedBuffer(count: geometry.count)
            products = AlignedBuffer(count: stemProductLanes(width: output.width) * laneWidth)
        }
    }

    /// - Parameter image: for a block that reads the image.
    init(
        _ block: InvertedResidualBlock, _ weights: PackedInvertedResidual, input: MapShape, output: MapShape,
        image: ImageMemory
    ) {
        self.block = block
        self.weights = weights
        geometry = block.geometry
        strips = InvertedResidualStrips(geometry: geometry, channelBlocks: block.expandedBlocks)
        let expanded = MapShape(
            channels: block.expandedChannels, height: block.expandedHeight, width: block.expandedWidth)
        stem = block.isStem ? Stem(image, block.expand, input: input, output: expanded) : nil
        let blocks = block.expandedBlocks
        let thinnest = blockCount(max(input.channels, block.project?.outputChannels ?? 0)) + 1
        zeros = AlignedBuffer(
            count: max(geometry.inputWidth, geometry.outputWidth, blocks, thinnest) * laneWidth)
        sums = AlignedBuffer(count: blocks * laneWidth)
        seed = AlignedBuffer(count: blocks * laneWidth)
        constant = AlignedBuffer(count: thinnest * laneWidth)
        super.init(inputs: [input], output: output)
        savedCount = (expandMaskWords + depthwiseMaskWords) * laneWidth
        scratchCount = (strips.ringPixels + strips.stripLanes) * blocks * laneWidth
    }

    private var expandMaskWords: Int { maskWordCount(geometry.inputPixels) * block.expandedBlocks }
    private var depthwiseMaskWords: Int { maskWordCount(geometry.outputPixels) * block.expandedBlocks }

    var expandMask: MaskPlane {
        MaskPlane(base: memory.saved, blockStride: maskWordCount(geometry.inputPixels))
    }
    var depthwiseMask: MaskPlane {
        MaskPlane(
            base: memory.saved + expandMaskWords * laneBytes, blockStride: maskWordCount(geometry.outputPixels))
    }

    /// Rows between the first matrix product and the depthwise convolution.
    var ring: UnsafeMutableRawPointer { memory.scratch }
    /// Rows between the depthwise convolution and the second matrix product.
    var strip: UnsafeMutableRawPointer {
        memory.scratch + strips.ringPixels * block.expandedBlocks * laneBytes
    }

    override func forward() { forward(.whole) }

    override func backward() {
        backward(
            from: block.stage >= .project ? .output : .map, residual: block.hasResidual ? .output : .none)
    }

    /// The strip while it holds `pixels`.
    func stripPlane(_ pixels: Range<Int>) -> LanePlane {
        LanePlane(
            base: strip, blockStride: InvertedResidualStrips.stripStride(pixels: pixels.count),
            origin: pixels.lowerBound)
    }

    /// Cuts rows into runs where a ring of `capacity` rows begins anew; `body` also gets each run's first place in the
    /// ring.
    @inline(__always)
    func forEachRingRun(_ rows: Range<Int>, capacity: Int, _ body: (_ run: Range<Int>, _ place: Int) -> Void) {
        if rows.isEmpty { return }
        let place = rows.lowerBound % capacity
        let end = min(rows.upperBound, rows.lowerBound + capacity - place)
        body(rows.lowerBound..<end, place)
        if end < rows.upperBound { body(end..<rows.upperBound, 0) }
    }

    /// One channel block of the ring.
    func rowRing(capacity: Int, channels: Int, height: Int, width: Int) -> RowRing {
        RowRing(
            base: UnsafeRawPointer(ring) + channels * capacity * width * laneBytes, capacity: capacity,
            height: height, rowBytes: width * laneBytes, zeros: zeros.base)
    }

    /// `target = strip * weights + bias (+ residual)` for the strip's pixels.
    func multiplyStrip(
        _ pixels: Range<Int>, planePixels: Int, by weights: PackedMatrix, bias: UnsafeRawPointer,
        into target: UnsafeMutableRawPointer, adding residual: UnsafeMutableRawPointer?
    ) {
        let rows = RowOperand.blocked(stripPlane(pixels), from: pixels.lowerBound)
        let output = LanePlane(base: target, blockStride: planePixels)
        if let residual {
            multiply(
                rows, pixels: pixels, by: weights, panels: weights.panels,
                epilogue: ResidualEpilogue(
                    output: output, bias: bias, residual: LanePlane(base: residual, blockStride: planePixels)))
        } else {
            multiply(
                rows, pixels: pixels, by: weights, panels: weights.panels,
                epilogue: LinearEpilogue(output: output, bias: bias))
        }
    }
}
