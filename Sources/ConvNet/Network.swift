import Networks

/// MobileNetV2 with weights: BatchNorm folded, packed for the kernels, immutable and shared by all workers.
public final class Network: Sendable {
    /// Changes whenever results of the engine may change: part of every stage's key.
    public static let engineRevision = "5"

    /// What is known of it without weights.
    public var description: NetworkDescription { MobileNetV2.description }
    let blocks: [FoldedBlock]
    let padding: Padding
    /// The pixel value (-1...1) of each colour that the input normalisation takes to zero: the image's border.
    let borderColor: [Float]

    /// How stride-2 convolutions pad.
    enum Padding: String, Sendable {
        /// One on each side (PyTorch).
        case symmetric
        /// As Keras does it: for even sizes one below and to the right, for odd sizes one on each side.
        case after
    }

    /// Reads, checks and folds the weights.
    /// - Throws: `WeightsError`, which names the tensor or the metadata entry.
    public init(weights file: SafetensorsFile) throws(WeightsError) {
        padding = try WeightsMetadata.padding(file)
        let normalization = try WeightsMetadata.normalization(file)
        borderColor = normalization.mean.map { Float(2 * $0 - 1) }
        blocks = try MobileNetV2.blocks.map { (block) throws(WeightsError) in
            let reader = BlockReader(file: file, block: block)
            return FoldedBlock(
                block,
                expand: try block.isStem ? reader.stem(normalization) : reader.expand(),
                depthwise: try block.isHead ? nil : reader.depthwise(),
                project: try block.isHead ? nil : reader.project())
        }
    }

    /// Rows (columns) of padding before a 3x3 convolution's input of `size` rows (columns).
    func paddingBefore(size: Int, stride: Int) -> Int {
        stride == 2 && padding == .after && size % 2 == 0 ? 0 : 1
    }
}
