import Networks

/// Products of live matrices, `[batch, rows, depth]` by `[batch, depth, columns]`. Keeps both.
///
/// The batch lies where other maps have their channels: sixteen batches are computed at once, and fewer take as long.
final class MatrixProductOperation: MapOperation {
    override init(inputs: [MapShape], output: MapShape) {
        precondition(inputs.count == 2 && inputs[0].width == inputs[1].height)
        precondition(
            inputs.allSatisfy { $0.channels == output.channels }
                && (inputs[0].height, inputs[1].width) == (output.height, output.width))
        super.init(inputs: inputs, output: output)
        keepsInputs = [0, 1]
    }

    private var rows: Int { output.height }
    private var depth: Int { inputs[0].width }
    private var columns: Int { output.width }

    override func forward() {
        for block in 0..<output.channelBlocks {
            multiplyLanes(
                matrix(memory.inputs[0], inputs[0], block), matrix(memory.inputs[1], inputs[1], block),
                into: memory.output + block * output.planeBytes, rows: rows, depth: depth, columns: columns,
                adds: false)
        }
    }

    override func backward() {
        let (first, second) = (memory.inputGradients[0], memory.inputGradients[1])
        for block in 0..<output.channelBlocks {
            let gradient = matrix(memory.gradient, output, block)
            if let base = first.base {
                multiplyLanes(
                    gradient, transposed(memory.inputs[1], inputs[1], block),
                    into: base + block * inputs[0].planeBytes, rows: rows, depth: columns, columns: depth,
                    adds: first.adds)
            }
            if let base = second.base {
                multiplyLanes(
                    transposed(memory.inputs[0], inputs[0], block), gradient,
                    into: base + block * inputs[1].planeBytes, rows: depth, depth: rows, columns: columns,
                    adds: second.adds)
            }
        }
    }

    private func matrix(_ base: UnsafeMutableRawPointer, _ shape: MapShape, _ block: Int) -> LaneMatrix {
        LaneMatrix(base: base + block * shape.planeBytes, rowStride: shape.width, columnStride: 1)
    }

    private func transposed(_ base: UnsafeMutableRawPointer, _ shape: MapShape, _ block: Int) -> LaneMatrix {
        LaneMatrix(base: base + block * shape.planeBytes, rowStride: 1, columnStride: shape.width)
    }
}
