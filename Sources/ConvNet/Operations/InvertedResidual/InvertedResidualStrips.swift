/// The strips of rows in which an inverted residual block runs forward and backward at one size.
///
/// A block's expanded tensor is six times its input, far more than a core's own cache. So both directions work in
/// strips. A matrix product writes some rows into a ring, the depthwise convolution turns them into a strip, and a
/// second matrix product turns the strip into rows of the thin tensor. Only the thin tensors and the masks exist as a
/// whole.
struct InvertedResidualStrips {
    let geometry: DepthwiseGeometry
    /// Strips of output rows (of the depthwise convolution), forward.
    let forwardStrips: [Range<Int>]
    /// Strips of input rows, backward.
    let backwardStrips: [Range<Int>]
    /// Rows of expanded activations that the ring must hold at a time, forward.
    let forwardRingRows: Int
    /// Rows of filtered gradients that the ring must hold at a time, backward.
    let backwardRingRows: Int

    /// Bytes that ring and strip together may take: most of a second-level cache of 1 MB. Tried once each: 512 KB was
    /// 1 % slower; 1 MB 15 % slower, but in a minute in which the core's peak was 15 % lower too.
    private static let stripBytes = 768 << 10

    init(geometry: DepthwiseGeometry, channelBlocks: Int) {
        self.geometry = geometry
        let inputRow = geometry.inputWidth * channelBlocks * laneBytes
        let outputRow = geometry.outputWidth * channelBlocks * laneBytes
        forwardStrips = InvertedResidualStrips.strips(of: geometry.outputHeight) { rows in
            geometry.inputRows(for: 0..<rows).count * inputRow + rows * outputRow <= InvertedResidualStrips.stripBytes
        }
        backwardStrips = InvertedResidualStrips.strips(of: geometry.inputHeight) { rows in
            geometry.outputRows(for: 0..<rows).count * outputRow + rows * inputRow <= InvertedResidualStrips.stripBytes
        }
        forwardRingRows = forwardStrips.map { geometry.inputRows(for: $0).count }.max() ?? 0
        backwardRingRows = backwardStrips.map { geometry.outputRows(for: $0).count }.max() ?? 0
    }

    /// Lanes from a channel block of the strip to the next: an odd multiple of eight.
    ///
    /// A tile of the second matrix product reads eight neighbouring lanes of every block. If the blocks lay 64 lanes (4
    /// KB) apart, as with 8 rows of 56, they would all compete for the same eight sets of the first-level cache: 180
    /// GFLOP/s instead of 240.
    static func stripStride(pixels: Int) -> Int { (pixels + 7) / 16 * 16 + 8 }

    /// Cuts `height` rows into strips as equal as possible, each as high as `fits` allows but at least four rows.
    ///
    /// If there are several strips, their heights are multiples of four, so that tiles of eight pixels stay aligned.
    private static func strips(of height: Int, fits: (Int) -> Bool) -> [Range<Int>] {
        var rows = min(4, height)
        while rows < height, fits(min(rows + 4, height)) { rows = min(rows + 4, height) }
        let count = (height + rows - 1) / rows
        let even = (height + count - 1) / count
        let step = count == 1 ? height : (even + 3) / 4 * 4
        return stride(from: 0, to: height, by: step).map { $0..<min($0 + step, height) }
    }

    /// Rows of expanded values in the ring, at most.
    var ringPixels: Int {
        max(forwardRingRows * geometry.inputWidth, backwardRingRows * geometry.outputWidth)
    }

    /// Lanes from a channel block of the strip to the next, at most.
    var stripLanes: Int {
        let forwardRows = forwardStrips.map { $0.count }.max() ?? 0
        let backwardRows = backwardStrips.map { $0.count }.max() ?? 0
        return Self.stripStride(
            pixels: max(forwardRows * geometry.outputWidth, backwardRows * geometry.inputWidth))
    }
}
