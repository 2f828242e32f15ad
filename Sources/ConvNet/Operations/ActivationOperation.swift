import Networks

/// A function of each value.
///
/// Functions of two slopes (clip, leaky, hardSigmoid) save a bit a value: mask words `[channel block][mask word]`, as
/// `MaskPlane` has them. Of the others, some keep their value for the way back and some what they read.
final class ActivationOperation: MapOperation {
    override var kind: String { "activation" }

    let activation: Activation

    /// Whether a gradient that nothing would pass is *redirected* (lucid's `redirected_relu_grad`): where a bound holds
    /// the value fixed, the gradient passes if it would lead the value back from beyond the bound. So at the lower
    /// bound (or below it) only what is positive passes, at the upper only what is negative; all else as always. As in
    /// all of the engine, a gradient says where to go, not where from.
    ///
    /// It concerns clip and hardSigmoid, and hardSwish below -3, which passes a positive gradient as it is; no other
    /// function blocks a gradient, and on them it has no effect. Set before the planner asks what is kept: then also
    /// the output's values.
    var isRedirecting = false {
        didSet {
            keepsOutput = keepsOutputAlways || isRedirecting && isBounded
        }
    }

    /// Whether the function has bounds that hold a value fixed.
    var isBounded: Bool {
        switch activation {
        case .clip, .hardSigmoid, .hardSwish: true
        default: false
        }
    }

    private let keepsOutputAlways: Bool

    init(_ activation: Activation, shape: MapShape) {
        // A leak of nothing is none.
        self.activation = activation == .leaky(slope: 0) ? .clip(lower: 0, upper: .infinity) : activation
        switch self.activation {
        case .sigmoid, .tanh, .exp, .sqrt, .reciprocal, .softsign: keepsOutputAlways = true
        default: keepsOutputAlways = false
        }
        super.init(inputs: [shape], output: shape)
        switch self.activation {
        case .clip, .leaky, .hardSigmoid:
            savedCount = shape.channelBlocks * maskWordCount(shape.pixels) * laneWidth
        case .sigmoid, .tanh, .exp, .sqrt, .reciprocal, .softsign:
            keepsOutput = true
        case .hardSwish, .swish, .erf, .gelu, .geluTanh, .log, .absolute, .power, .elu, .selu, .celu, .softplus, .mish:
            keepsInputs = [0]
        }
    }

    override func forward() { apply(ForwardPass(operation: self)) }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        if isRedirecting, redirect(into: base) { return }
        apply(BackwardPass(operation: self))
    }

    /// Leads the gradient back as `isRedirecting` says.
    /// - Returns: false, with nothing done, if the function passes some of the gradient, or there is none.
    private func redirect(into target: UnsafeMutableRawPointer) -> Bool {
        let bounds: Bounds
        var (kept, factor) = (memory.output, Float(1))
        switch activation {
        case .clip(let lower, let upper): bounds = Bounds(lower, upper)
        case .hardSigmoid(let slope, _):
            bounds = Bounds(0, 1)
            factor = slope
        case .hardSwish:
            bounds = Bounds(-3, .infinity)
            kept = memory.inputs[0]
        default: return false
        }
        guard bounds.block(kept, memory.gradient, lanes: output.laneCount) else { return false }
        bounds.redirect(
            kept, memory.gradient, into: target, lanes: output.laneCount, factor: factor,
            adds: memory.inputGradients[0].adds)
        return true
    }

    /// Hands the function to a pass, as its own type: the pass is compiled for each.
    @inline(__always) private func apply(_ pass: some FunctionPass) {
        switch activation {
        case .clip(0, .infinity): pass.run(Rectification())
        case .clip(let lower, let upper): pass.run(Clipping(lower: lower, upper: upper))
        case .leaky(let slope): pass.run(LeakyRectification(slope: Lane(repeating: slope)))
        case .hardSigmoid(let slope, let offset): pass.run(HardSigmoid(slope: slope, offset: offset))
        case .sigmoid: pass.run(Sigmoid())
        case .hardSwish: pass.run(HardSwish())
        case .swish: pass.run(Swish())
        case .tanh: pass.run(HyperbolicTangent())
        case .erf: pass.run(ErrorFunction())
        case .gelu: pass.run(GaussianErrorLinearUnit())
        case .geluTanh: pass.run(GaussianErrorLinearUnitByTanh())
        case .exp: pass.run(Exponential())
        case .log: pass.run(Logarithm())
        case .sqrt: pass.run(SquareRoot())
        case .reciprocal: pass.run(Reciprocal())
        case .absolute: pass.run(AbsoluteValue())
        case .power(let exponent): pass.run(Power(exponent: exponent))
        case .elu(let alpha): pass.run(ExponentialLinearUnit(gamma: 1, scale: alpha, width: 1))
        case .selu(let alpha, let gamma):
            pass.run(ExponentialLinearUnit(gamma: gamma, scale: alpha * gamma, width: 1))
        case .celu(let alpha): pass.run(ExponentialLinearUnit(gamma: 1, scale: alpha, width: alpha))
        case .softplus: pass.run(Softplus())
        case .softsign: pass.run(Softsign())
        case .mish: pass.run(Mish())
        }
    }
}

/// Some work with a function of either kind.
private protocol FunctionPass {
    func run(_ function: some LaneFunction)
    func run(_ function: some BitFunction)
}

private struct ForwardPass: FunctionPass {
    let operation: ActivationOperation

    @inline(__always) func run(_ function: some LaneFunction) {
        let (shape, memory) = (operation.output, operation.memory)
        for block in 0..<shape.channelBlocks {
            applyFunction(
                function, memory.inputs[0] + block * shape.planeBytes, into: memory.output + block * shape.planeBytes,
                pixels: shape.pixels, own: shape.ownChannels(of: block))
        }
    }

    @inline(__always) func run(_ function: some BitFunction) {
        let (shape, memory) = (operation.output, operation.memory)
        let words = maskWordCount(shape.pixels)
        for block in 0..<shape.channelBlocks {
            applyFunction(
                function, memory.inputs[0] + block * shape.planeBytes, into: memory.output + block * shape.planeBytes,
                mask: memory.saved + block * words * laneBytes, pixels: shape.pixels,
                own: shape.ownChannels(of: block))
        }
    }
}

private struct BackwardPass: FunctionPass {
    let operation: ActivationOperation

    @inline(__always) func run(_ function: some LaneFunction) {
        let (shape, memory) = (operation.output, operation.memory)
        guard let base = memory.inputGradients[0].base else { return }
        let kept = operation.keepsInputs.isEmpty ? memory.output : memory.inputs[0]
        for block in 0..<shape.channelBlocks {
            applyGradient(
                function, kept: kept + block * shape.planeBytes, memory.gradient + block * shape.planeBytes,
                into: base + block * shape.planeBytes, pixels: shape.pixels, own: shape.ownChannels(of: block),
                adds: memory.inputGradients[0].adds)
        }
    }

    @inline(__always) func run(_ function: some BitFunction) {
        let (shape, memory) = (operation.output, operation.memory)
        guard let base = memory.inputGradients[0].base else { return }
        let words = maskWordCount(shape.pixels)
        for block in 0..<shape.channelBlocks {
            applyGradient(
                function, mask: memory.saved + block * words * laneBytes, memory.gradient + block * shape.planeBytes,
                into: base + block * shape.planeBytes, pixels: shape.pixels, adds: memory.inputGradients[0].adds)
        }
    }
}
