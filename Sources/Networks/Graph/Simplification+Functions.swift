/// Functions that files write out as several operators.
extension Simplification {
    /// Scaling by one number and shifting by one.
    private struct UniformAffine {
        var scale: Float
        var shift: Float
        var input: Int
    }

    private func uniformAffine(_ value: Int) -> UniformAffine? {
        guard let node = node(value), case .affine(let scale, let shift) = node.operation,
            let first = scale.first, let summand = shift.first, scale.allSatisfy({ $0 == first }),
            shift.allSatisfy({ $0 == summand })
        else { return nil }
        return UniformAffine(scale: first, shift: summand, input: node.inputs[0])
    }

    /// The operand of an activation function, if the value is made by it.
    private func operand(of function: Activation, _ value: Int) -> Int? {
        guard let node = node(value), case .activation(let found) = node.operation, found == function else {
            return nil
        }
        return node.inputs[0]
    }

    private static func isNear(_ number: Float, _ expected: Double) -> Bool {
        abs(Double(number) - expected) <= 1e-6 * abs(expected)
    }

    /// x for clip(x + 3, 0, 6).
    private func hardSigmoidOperand(_ value: Int) -> Int? {
        guard let inner = operand(of: .clip(lower: 0, upper: 6), value), let affine = uniformAffine(inner),
            affine.scale == 1, affine.shift == 3
        else { return nil }
        return affine.input
    }

    /// x for 1 + erf(x / sqrt 2).
    private func geluOperand(_ value: Int) -> Int? {
        guard let outer = uniformAffine(value), outer.scale == 1, outer.shift == 1,
            let inner = operand(of: .erf, outer.input), let affine = uniformAffine(inner), affine.shift == 0,
            Self.isNear(affine.scale, 0.5.squareRoot())
        else { return nil }
        return affine.input
    }

    /// A product that is swish, hardSwish, gelu or mish.
    func written(_ node: Graph.Node) -> Graph.Node? {
        for (input, gate) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
            guard result.shape(of: input) == node.shape, result.shape(of: gate) == node.shape else { continue }
            if let function = product(input, gate) { return replaced(node, .activation(function), [input]) }
            // x / 2 * (1 + erf(...))
            if let half = uniformAffine(input), half.scale == 0.5, half.shift == 0, geluOperand(gate) == half.input {
                return replaced(node, .activation(.gelu), [half.input])
            }
        }
        return nil
    }

    /// The function of x that x times a gate of x is.
    private func product(_ input: Int, _ gate: Int) -> Activation? {
        if operand(of: .sigmoid, gate) == input { return .swish }
        if let inner = operand(of: .tanh, gate), operand(of: .softplus, inner) == input { return .mish }
        if let affine = uniformAffine(gate) {
            if affine.shift == 0, Self.isNear(affine.scale, 1 / 6), hardSigmoidOperand(affine.input) == input {
                return .hardSwish
            }
            if affine.scale == 0.5, affine.shift == 0.5, let inner = operand(of: .erf, affine.input),
                let root = uniformAffine(inner), root.input == input, root.shift == 0,
                Self.isNear(root.scale, 0.5.squareRoot())
            {
                return .gelu
            }
        }
        if let node = node(gate), case .activation(.hardSigmoid(let slope, let offset)) = node.operation,
            node.inputs[0] == input, offset == 0.5, Self.isNear(slope, 1 / 6)
        {
            return .hardSwish
        }
        return nil
    }

    /// A product or a clip that scaling makes hardSwish, hardSigmoid or gelu.
    func written(_ node: Graph.Node, _ scale: [Float], _ shift: [Float]) -> Graph.Node? {
        guard let factor = scale.first, scale.allSatisfy({ $0 == factor }), shift.allSatisfy({ $0 == 0 }) else {
            return nil
        }
        if Self.isNear(factor, 1 / 6), let input = hardSigmoidOperand(node.inputs[0]) {
            return replaced(node, .activation(.hardSigmoid(slope: 1.0 / 6, offset: 0.5)), [input])
        }
        guard let before = self.node(node.inputs[0]), case .binary(.multiply) = before.operation else { return nil }
        for (input, gate) in [
            (before.inputs[0], before.inputs[1]), (before.inputs[1], before.inputs[0]),
        ] {
            if Self.isNear(factor, 1 / 6), hardSigmoidOperand(gate) == input {
                return replaced(node, .activation(.hardSwish), [input])
            }
            if factor == 0.5, geluOperand(gate) == input { return replaced(node, .activation(.gelu), [input]) }
        }
        return nil
    }

    /// (x - mean) / sqrt(mean of squares + epsilon)
    func standardized(_ node: Graph.Node) -> Graph.Node? {
        let difference = node.inputs[0]
        guard let root = operand(of: .sqrt, node.inputs[1]), let sum = uniformAffine(root), sum.scale == 1,
            sum.shift >= 0, let variance = self.node(sum.input),
            case .reduction(let reduction) = variance.operation, reduction.kind == .mean,
            let square = self.node(variance.inputs[0]), case .binary(.multiply) = square.operation,
            square.inputs == [difference, difference],
            let subtraction = self.node(difference), case .binary(.subtract) = subtraction.operation,
            let mean = self.node(subtraction.inputs[1]), case .reduction(let first) = mean.operation,
            first == reduction, mean.inputs[0] == subtraction.inputs[0],
            result.shape(of: mean.inputs[0]) == node.shape
        else { return nil }
        return replaced(
            node, .standardization(Standardization(axis: first.axis, epsilon: sum.shift)), [mean.inputs[0]])
    }
}
