import Networks

/// Maps side by side along the channels. Where the channels before a map are a multiple of 16, it is copied; else its
/// lanes are shifted.
final class ConcatenationOperation: MapOperation {
    override var kind: String { "concatenation" }

    /// For each input its runs.
    private let runs: [[ChannelRun]]

    override init(inputs: [MapShape], output: MapShape) {
        var before = 0
        runs = inputs.map { input in
            defer { before += input.channels }
            return ChannelRun.runs(from: 0, to: before, count: input.channels)
        }
        precondition(before == output.channels, "all channels are of some input")
        super.init(inputs: inputs, output: output)
    }

    override func forward() {
        for (input, runs) in runs.enumerated() {
            for run in runs {
                // The first run that reaches a block sets the rest of its channels to zero.
                run.move(
                    memory.inputs[input] + run.source * output.planeBytes,
                    into: memory.output + run.target * output.planeBytes, pixels: output.pixels,
                    adds: run.channels.lowerBound > 0)
            }
        }
    }

    override func backward() {
        for (input, runs) in runs.enumerated() {
            let gradient = memory.inputGradients[input]
            guard let base = gradient.base else { continue }
            for run in runs {
                let reversed = run.reversed
                reversed.move(
                    memory.gradient + reversed.source * output.planeBytes,
                    into: base + reversed.target * output.planeBytes, pixels: output.pixels,
                    adds: gradient.adds || reversed.channels.lowerBound > 0)
            }
        }
    }
}
