import Networks

/// The largest or the mean of windows.
///
/// A maximum saves its place: one byte a value with up to 255 taps, else four.
final class PoolingOperation: MapOperation {
    override var kind: String { "pooling" }

    let pooling: Pooling
    private let windows: PoolingWindows
    /// Of a value's saved place.
    private let placeBytes: Int

    init(_ pooling: Pooling, input: MapShape, output: MapShape) {
        precondition((output.height, output.width) == (pooling.outputHeight, pooling.outputWidth))
        precondition(input.channels == output.channels)
        self.pooling = pooling
        windows = PoolingWindows(pooling, input: input)
        // The largest number stands for no tap at all.
        let taps = pooling.kernelHeight * pooling.kernelWidth
        placeBytes = taps <= Int(UInt8.max) ? 1 : 4
        super.init(inputs: [input], output: output)
        if pooling.kind == .maximum { savedCount = (output.floatCount * placeBytes + 3) / 4 }
    }

    override func forward() {
        for block in 0..<output.channelBlocks {
            let source = memory.inputs[0] + block * inputs[0].planeBytes
            let target = memory.output + block * output.planeBytes
            switch pooling.kind {
            case .average(let countsPadding): windows.means(source, into: target, countsPadding: countsPadding)
            case .maximum:
                let places = memory.saved + block * output.pixels * laneWidth * placeBytes
                let own = output.ownChannels(of: block)
                switch placeBytes {
                case 1: windows.maxima(source, into: target, places: places, own: own, UInt8.self)
                default: windows.maxima(source, into: target, places: places, own: own, UInt32.self)
                }
            }
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        for block in 0..<output.channelBlocks {
            let gradient = memory.gradient + block * output.planeBytes
            let target = base + block * inputs[0].planeBytes
            if !memory.inputGradients[0].adds { target.clearLanes(inputs[0].pixels) }
            switch pooling.kind {
            case .average(let countsPadding):
                windows.scatterToMeans(gradient, into: target, countsPadding: countsPadding)
            case .maximum:
                let places = memory.saved + block * output.pixels * laneWidth * placeBytes
                switch placeBytes {
                case 1: windows.scatterToMaxima(gradient, places: places, into: target, UInt8.self)
                default: windows.scatterToMaxima(gradient, places: places, into: target, UInt32.self)
                }
            }
        }
    }
}
