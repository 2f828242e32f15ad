import Networks

/// A convolution's weights as numbers, scaled; read from the file when it is made.
struct FoldedWeights {
    private let convolution: Convolution
    private let values: [Float]

    private static let mostWeights = 1 << 30

    /// - Throws: `NetworkError` if the file cannot be read, or holds what is no number.
    init(_ convolution: Convolution) throws(NetworkError) {
        // A constant of a few bytes can stand for any number of weights.
        let count = convolution.outputChannels.multipliedReportingOverflow(
            by: convolution.multiplyAccumulatesPerPixel / max(convolution.outputChannels, 1))
        guard !count.overflow, count.partialValue <= Self.mostWeights else {
            throw NetworkError(
                file: convolution.weights.name, reason: "has more weights than memory could hold",
                remedy: "Only networks whose convolutions have at most a billion weights each can be run")
        }
        self.convolution = convolution
        values = try convolution.weights.values()
    }

    /// The weight from a channel (counted within the group) to an output channel. Scaled in double precision.
    subscript(output: Int, input: Int, row: Int, column: Int) -> Float {
        let place =
            output * convolution.outputStep + input * convolution.inputStep + row * convolution.rowStep
            + column * convolution.columnStep
        guard let scale = convolution.scale else { return values[place] }
        return Float(Double(values[place]) * scale[output])
    }
}

/// Numbers as lanes, zeros behind them, and one lane of zeros more: a pair of column blocks reads two lanes.
func packedLanes(_ values: [Double]) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: (blockCount(values.count) + 1) * laneWidth)
    for (index, value) in values.enumerated() { buffer.floats[index] = Float(value) }
    return buffer
}
