import Networks

/// Each pixel is one of the input's, or the border's value: padding of all modes, cropping, nearest resizing.
final class ResampleOperation: MapOperation {
    private let rows: [Int32]
    private let columns: [Int32]
    private let border: Float

    init(rows: [Int], columns: [Int], border: Float, input: MapShape, output: MapShape) {
        precondition((rows.count, columns.count) == (output.height, output.width) && input.channels == output.channels)
        precondition(rows.allSatisfy { (-1..<input.height).contains($0) })
        precondition(columns.allSatisfy { (-1..<input.width).contains($0) })
        self.rows = rows.map { Int32($0) }
        self.columns = columns.map { Int32($0) }
        self.border = border
        super.init(inputs: [input], output: output)
    }

    override func forward() {
        let columns = columns
        for block in 0..<output.channelBlocks {
            let fill = output.ownChannels(of: block).only(Lane(repeating: border))
            let source = memory.inputs[0] + block * inputs[0].planeBytes
            for (y, row) in rows.enumerated() {
                let target = memory.output + block * output.planeBytes + y * output.width * laneBytes
                if row < 0 {
                    fillLanes(target, with: fill, count: output.width, adds: false)
                } else {
                    gatherPixels(
                        source + Int(row) * inputs[0].width * laneBytes, columns.span, into: target, border: fill)
                }
            }
        }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        let columns = columns
        if !memory.inputGradients[0].adds { base.clearLanes(inputs[0].laneCount) }
        for block in 0..<output.channelBlocks {
            let target = base + block * inputs[0].planeBytes
            for (y, row) in rows.enumerated() where row >= 0 {
                scatterPixels(
                    memory.gradient + block * output.planeBytes + y * output.width * laneBytes, columns.span,
                    into: target + Int(row) * inputs[0].width * laneBytes)
            }
        }
    }
}
