/// What networks compute of their weights before they use them (weight standardization): sums and products of constants.
extension Lowering {
    /// Numbers split by which axes are reduced: `count` rows of `length` numbers each.
    private static func rows(
        of tensor: ConstantTensor, reducing axes: [Int]
    ) throws(LoweringFault) -> (numbers: [Double], count: Int, length: Int) {
        let kept = tensor.shape.indices.filter { !axes.contains($0) }
        var moved = tensor
        moved.view = tensor.view.transposed(kept + axes)
        let length = axes.reduce(1) { $0 * tensor.shape[$1] }
        return (try moved.numbers(), kept.reduce(1) { $0 * tensor.shape[$1] }, length)
    }

    mutating func foldReduction(
        _ tensor: ConstantTensor, _ function: ReductionFunction, axes: [Int], keepsAxes: Bool
    ) throws(LoweringFault) -> ConstantTensor {
        var shape = tensor.shape
        for axis in axes.sorted(by: >) {
            if keepsAxes { shape[axis] = 1 } else { shape.remove(at: axis) }
        }
        let results = try folded(of: [tensor], shape: shape) { () throws(LoweringFault) in
            let (numbers, count, length) = try Self.rows(of: tensor, reducing: axes)
            guard length > 0 else { throw LoweringFault("reduces nothing") }
            return (0..<count).map { function.value(of: numbers[$0 * length..<($0 + 1) * length]) }
        }
        if tensor.kind == .integer {
            return ConstantTensor(try Self.integers(try results.numbers()), shape: shape)
        }
        return results
    }

    /// Of constants `[batch, channels, ...]`: with the statistics that are given, or with their own.
    mutating func foldBatchNormalization(_ call: NodeCall, isTraining: Bool) throws(LoweringFault) -> ConstantTensor {
        let tensor = try call.constant(0, "numbers")
        guard tensor.shape.count >= 2, tensor.count > 0 else { throw LoweringFault("has no channels") }
        let channels = tensor.shape[1]
        let scale = try channelNumbers(call, 1, "scales", channels)
        let shift = try channelNumbers(call, 2, "shifts", channels)
        let epsilon = Double(try call.float("epsilon", default: 1e-5))
        var statistics: [ConstantTensor] = []
        if !isTraining {
            statistics = [
                try channelTensor(call, 3, "means", channels), try channelTensor(call, 4, "variances", channels),
            ]
        }
        return try folded(of: [tensor] + statistics, shape: tensor.shape) { [statistics] () throws(LoweringFault) in
            var means: [Double] = []
            var variances: [Double] = []
            if !isTraining {
                means = try statistics[0].numbers()
                variances = try statistics[1].numbers()
            } else {
                let others = tensor.shape.indices.filter { $0 != 1 }
                let (numbers, _, length) = try Self.rows(of: tensor, reducing: others)
                for channel in 0..<channels {
                    let row = numbers[channel * length..<(channel + 1) * length]
                    let mean = row.reduce(0, +) / Double(length)
                    means.append(mean)
                    variances.append(row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length))
                }
            }
            let inner = tensor.shape[2...].reduce(1, *)
            var values = try tensor.numbers()
            for position in values.indices {
                let channel = position / inner % channels
                let deviation = (variances[channel] + epsilon).squareRoot()
                values[position] = (values[position] - means[channel]) / deviation * scale[channel] + shift[channel]
            }
            return values
        }
    }

    /// An input of one number a channel.
    func channelNumbers(
        _ call: NodeCall, _ index: Int, _ meaning: String, _ channels: Int
    ) throws(LoweringFault) -> [Double] {
        try channelTensor(call, index, meaning, channels).numbers()
    }

    private func channelTensor(
        _ call: NodeCall, _ index: Int, _ meaning: String, _ channels: Int
    ) throws(LoweringFault) -> ConstantTensor {
        let tensor = try call.constant(index, meaning)
        guard tensor.shape == [channels] else {
            throw LoweringFault("has \(meaning) of the shape \(tensor.shape) for \(channels) channels")
        }
        return tensor
    }

    /// Matrices of constants, one or two axes each.
    mutating func foldProduct(
        _ first: ConstantTensor, _ second: ConstantTensor
    ) throws(LoweringFault) -> ConstantTensor {
        guard first.shape.count == 2, second.shape.count == 2, first.shape[1] == second.shape[0] else {
            throw LoweringFault("multiplies constants of the shapes \(first.shape) and \(second.shape)")
        }
        let (rows, depth, columns) = (first.shape[0], first.shape[1], second.shape[1])
        guard let work = elementCount(of: [rows, depth, columns]) else { throw LoweringFault("multiplies too much") }
        // Time, too, is bounded by what the file's size explains.
        try charge(rows * columns + work / 64)
        let one = try first.numbers()
        let other = try second.numbers()
        var values = [Double](repeating: 0, count: rows * columns)
        for row in 0..<rows {
            for index in 0..<depth {
                let factor = one[row * depth + index]
                for column in 0..<columns { values[row * columns + column] += factor * other[index * columns + column] }
            }
        }
        return ConstantTensor(values, shape: [rows, columns])
    }
}

/// What is made of many numbers.
enum ReductionFunction {
    case mean, sum, maximum, minimum, product, absoluteSum, norm, squareSum

    init?(operator name: String) {
        switch name {
        case "ReduceMean": self = .mean
        case "ReduceSum": self = .sum
        case "ReduceMax": self = .maximum
        case "ReduceMin": self = .minimum
        case "ReduceProd": self = .product
        case "ReduceL1": self = .absoluteSum
        case "ReduceL2": self = .norm
        case "ReduceSumSquare": self = .squareSum
        default: return nil
        }
    }

    func value(of numbers: ArraySlice<Double>) -> Double {
        switch self {
        case .mean: numbers.reduce(0, +) / Double(numbers.count)
        case .sum: numbers.reduce(0, +)
        case .maximum: numbers.reduce(-.infinity) { max($0, $1) }
        case .minimum: numbers.reduce(.infinity) { min($0, $1) }
        case .product: numbers.reduce(1, *)
        case .absoluteSum: numbers.reduce(0) { $0 + abs($1) }
        case .norm: numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        case .squareSum: numbers.reduce(0) { $0 + $1 * $1 }
        }
    }
}
