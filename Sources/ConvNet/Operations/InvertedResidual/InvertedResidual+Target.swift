import Networks

extension InvertedResidual {
    /// The pixels of the last rectified layer.
    private var summedPixels: Int { block.stage == .expand ? geometry.inputPixels : geometry.outputPixels }

    /// A unit's mean over the block's output, from the sums that `forward(.sums)` left.
    func mean(unit: Int) -> Float {
        guard block.stage >= .project else { return sums.floats[unit] / Float(summedPixels) }
        // The projection is linear: the mean of its output is its row times the mean of its input.
        let row = weights.projectRows.base + unit * block.expandedBlocks * laneBytes
        var sum = 0.0
        for channels in 0..<block.expandedBlocks {
            let products = row.lane(channels) * sums.base.lane(channels)
            for channel in 0..<laneWidth { sum += Double(products[channel]) }
        }
        let projected = sum / Double(geometry.outputPixels) + Double(weights.projectBias.floats[unit])
        return Float(projected + (block.hasResidual ? inputMean(unit: unit) : 0))
    }

    /// Mean of one channel of the block's input.
    private func inputMean(unit: Int) -> Double {
        let pixels = inputs[0].pixels
        let lanes = memory.inputs[0] + unit / laneWidth * pixels * laneBytes
        return Double(laneSum(lanes, count: pixels)[unit % laneWidth]) / Double(pixels)
    }

    /// Takes the gradient of a weighted sum of some units' means back to the block's input.
    func backward(_ units: [Objective.UnitWeight]) {
        for index in seed.floats.indices { seed.floats[index] = 0 }
        for index in constant.floats.indices { constant.floats[index] = 0 }
        let count = Float(summedPixels)
        for (unit, weight) in units.map({ ($0.unit, $0.weight) }) {
            guard block.stage >= .project else {
                seed.floats[unit] += weight / count
                continue
            }
            let row = weights.projectRows.base + unit * block.expandedBlocks * laneBytes
            let scale = Lane(repeating: weight / count)
            for channels in 0..<block.expandedBlocks {
                seed.base.setLane(channels, to: seed.base.lane(channels) + row.lane(channels) * scale)
            }
            if block.hasResidual { constant.floats[unit] += weight / count }
        }
        backward(from: .seed, residual: block.hasResidual ? .constant : .none)
    }
}
