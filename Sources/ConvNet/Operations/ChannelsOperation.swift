import Networks

/// Channels in another order, some of them left out or repeated.
///
/// A block of the output that has come from few runs of neighbouring channels is made by shifting lanes, as a
/// concatenation is, any other channel by channel.
final class ChannelsOperation: MapOperation {
    override var kind: String { "rearrangement" }

    /// How one block of the output is made.
    private enum Block {
        case runs([ChannelRun])
        /// Places of the channels in the input, in floats.
        case places(InlineArray<16, Int>, count: Int)
    }

    /// More runs than these take longer than channels one by one.
    private static let mostRuns = 4

    private let blocks: [Block]

    init(indices: [Int], input: MapShape, output: MapShape) {
        precondition(indices.count == output.channels && indices.allSatisfy { (0..<input.channels).contains($0) })
        blocks = (0..<output.channelBlocks).map { block in
            let start = block * laneWidth
            let end = min(start + laneWidth, indices.count)
            var runs: [ChannelRun] = []
            var first = start
            while first < end {
                var next = first + 1
                while next < end, indices[next] == indices[next - 1] + 1 { next += 1 }
                runs += ChannelRun.runs(from: indices[first], to: first, count: next - first)
                first = next
            }
            if runs.count <= Self.mostRuns { return .runs(runs) }
            var places = InlineArray<16, Int>(repeating: 0)
            for index in start..<end {
                let channel = indices[index]
                places[index - start] =
                    channel / laneWidth * input.pixels * laneWidth + channel % laneWidth
            }
            return .places(places, count: end - start)
        }
        super.init(inputs: [input], output: output)
    }

    override func forward() {
        let input = memory.inputs[0]
        for (index, block) in blocks.enumerated() {
            let target = memory.output + index * output.planeBytes
            switch block {
            case .runs(let runs):
                for run in runs {
                    run.move(
                        input + run.source * output.planeBytes, into: target, pixels: output.pixels,
                        adds: run.channels.lowerBound > 0)
                }
            case .places(let places, let count):
                gatherChannels(input, places, count: count, into: target, pixels: output.pixels)
            }
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        if !memory.inputGradients[0].adds { base.clearLanes(inputs[0].laneCount) }
        for (index, block) in blocks.enumerated() {
            let gradient = memory.gradient + index * output.planeBytes
            switch block {
            case .runs(let runs):
                for run in runs {
                    let reversed = run.reversed
                    reversed.move(
                        gradient, into: base + reversed.target * output.planeBytes, pixels: output.pixels, adds: true)
                }
            case .places(let places, let count):
                scatterChannels(gradient, places, count: count, into: base, pixels: output.pixels)
            }
        }
    }
}
