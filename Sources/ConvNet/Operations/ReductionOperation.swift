import Networks

/// Mean, sum or an extremum over all pixels of a channel, or all channels of a pixel.
///
/// An extremum saves its place, four bytes each: its gradient goes to the first of several equal numbers.
final class ReductionOperation: MapOperation {
    override var kind: String { "mean or sum" }

    let reduction: Reduction
    /// What a sum is multiplied by.
    private let factor: Float

    init(_ reduction: Reduction, input: MapShape, output: MapShape) {
        self.reduction = reduction
        let isExtremum = reduction.kind == .maximum || reduction.kind == .minimum
        switch reduction.axis {
        case .pixels:
            precondition(output == MapShape(channels: input.channels, height: 1, width: 1))
            factor = reduction.kind == .mean ? 1 / Float(input.pixels) : 1
        case .channels:
            precondition(output == MapShape(channels: 1, height: input.height, width: input.width))
            factor = reduction.kind == .mean ? 1 / Float(input.channels) : 1
        }
        super.init(inputs: [input], output: output)
        if isExtremum { savedCount = reduction.axis == .pixels ? input.channelBlocks * laneWidth : input.pixels }
    }

    override func forward() {
        switch (reduction.axis, reduction.kind) {
        case (.pixels, .mean), (.pixels, .sum): sumPixels()
        case (.pixels, .maximum): findPixels(LargestNumber())
        case (.pixels, .minimum): findPixels(SmallestNumber())
        case (.channels, .mean), (.channels, .sum): sumChannels()
        case (.channels, .maximum): findChannels(LargestNumber())
        case (.channels, .minimum): findChannels(SmallestNumber())
        }
    }

    override func backward() {
        let gradient = memory.inputGradients[0]
        guard let base = gradient.base else { return }
        let input = inputs[0]
        switch (reduction.axis, reduction.kind) {
        case (.pixels, .mean), (.pixels, .sum):
            for block in 0..<input.channelBlocks {
                fillLanes(
                    base + block * input.planeBytes, with: memory.gradient.lane(block) * Lane(repeating: factor),
                    count: input.pixels, adds: gradient.adds)
            }
        case (.pixels, .maximum), (.pixels, .minimum):
            if !gradient.adds { base.clearLanes(input.laneCount) }
            for block in 0..<input.channelBlocks {
                scatterToPlaces(
                    memory.gradient.lane(block), memory.saved.maskWord(block), into: base + block * input.planeBytes)
            }
        case (.channels, .mean), (.channels, .sum):
            for block in 0..<input.channelBlocks {
                let own = input.ownChannels(of: block)
                let target = base + block * input.planeBytes
                for pixel in 0..<input.pixels {
                    let part = Lane(repeating: memory.gradient.first(pixel) * factor)
                    target.put(own.only(part), at: pixel, adds: gradient.adds)
                }
            }
        case (.channels, .maximum), (.channels, .minimum):
            if !gradient.adds { base.clearLanes(input.laneCount) }
            let target = base.assumingMemoryBound(to: Float.self)
            let places = memory.saved.assumingMemoryBound(to: UInt32.self)
            for pixel in 0..<input.pixels {
                let channel = Int(places[pixel])
                let lane = channel / laneWidth * input.pixels + pixel
                target[lane * laneWidth + channel % laneWidth] += memory.gradient.first(pixel)
            }
        }
    }

    private func sumPixels() {
        let input = inputs[0]
        for block in 0..<input.channelBlocks {
            let sum = planeSum(memory.inputs[0] + block * input.planeBytes, count: input.pixels)
            memory.output.setLane(block, to: sum * Lane(repeating: factor))
        }
    }

    @inline(__always) private func findPixels(_ extremum: some Extremum) {
        let input = inputs[0]
        for block in 0..<input.channelBlocks {
            let (value, place) = planeExtremum(
                extremum, memory.inputs[0] + block * input.planeBytes, pixels: input.pixels)
            memory.output.setLane(block, to: value)
            memory.saved.setMaskWord(block, to: place)
        }
    }

    private func sumChannels() {
        let columns = inputs[0].columns(of: memory.inputs[0])
        for pixel in 0..<output.pixels {
            memory.output.putFirst(columns.at(pixel).sum() * factor, at: pixel, adds: false)
        }
    }

    @inline(__always) private func findChannels(_ extremum: some Extremum) {
        let places = memory.saved.assumingMemoryBound(to: UInt32.self)
        let columns = inputs[0].columns(of: memory.inputs[0])
        for pixel in 0..<output.pixels {
            let (value, channel) = columns.at(pixel).extremum(extremum)
            memory.output.putFirst(value, at: pixel, adds: false)
            places[pixel] = UInt32(channel)
        }
    }
}
