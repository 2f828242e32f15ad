import Networks

/// The engine's code for a graph's operations.
enum MapOperations {
    /// The code for an operation on maps of these shapes, or nil for a convolution, whose code depends on what is
    /// around it.
    ///
    /// The shapes fit the operation: the graph has been checked.
    /// - Throws: `NetworkError` if constants of the network's file cannot be read any more.
    static func make(
        _ operation: Networks.Operation, inputs: [MapShape], output: MapShape
    ) throws(NetworkError) -> MapOperation? {
        switch operation {
        case .convolution: return nil
        case .activation(let activation): return ActivationOperation(activation, shape: output)
        case .parametricRectifier(let slopes): return ParametricRectifierOperation(slopes: slopes, shape: output)
        case .affine(let scale, let shift): return AffineOperation(scale: scale, shift: shift, shape: output)
        case .addConstant(let constant): return try AddConstantOperation(constant, shape: output)
        case .multiplyConstant(let constant): return try MultiplyConstantOperation(constant, shape: output)
        case .binary(let function): return BinaryOperation(function, inputs: inputs, output: output)
        case .concatenation: return ConcatenationOperation(inputs: inputs, output: output)
        case .channels(let indices): return ChannelsOperation(indices: indices, input: inputs[0], output: output)
        case .resample(let rows, let columns, let border):
            return ResampleOperation(
                rows: rows, columns: columns, border: border, input: inputs[0], output: output)
        case .rearrangement(let rearrangement):
            return RearrangementOperation(rearrangement, input: inputs[0], output: output)
        case .pooling(let pooling): return PoolingOperation(pooling, input: inputs[0], output: output)
        case .reduction(let reduction): return ReductionOperation(reduction, input: inputs[0], output: output)
        case .softmax: return SoftmaxOperation(shape: output)
        case .standardization(let standardization):
            return StandardizationOperation(standardization, shape: output)
        case .localResponse(let size, let alpha, let beta, let bias):
            return LocalResponseOperation(size: size, alpha: alpha, beta: beta, bias: bias, shape: output)
        case .matrixProduct: return MatrixProductOperation(inputs: inputs, output: output)
        }
    }
}
