/// What one node of a graph computes. All tensors are maps `[channels, height, width]` of one image.
public enum Operation: Sendable {
    case convolution(Convolution)
    /// Value by value.
    case activation(Activation)
    /// Slope for negative values, one a channel (PRelu).
    case parametricRectifier(slopes: [Float])
    /// x * scale + shift, one each a channel.
    case affine(scale: [Float], shift: [Float])
    /// Constant summands, `[channels, height, width]`.
    case addConstant(Constant)
    /// Constant factors, `[channels, height, width]`.
    case multiplyConstant(Constant)
    /// Two operands. Each of an operand's extents is the output's or 1.
    case binary(BinaryFunction)
    /// Along the channels; two or more inputs.
    case concatenation
    /// Channel i of the output is channel `indices[i]` of the input.
    case channels([Int])
    /// Pixel (y, x) of the output is pixel (rows[y], columns[x]) of the input, or `border` where either is -1: padding
    /// of all modes, cropping, nearest resizing.
    case resample(rows: [Int], columns: [Int], border: Float)
    case rearrangement(Rearrangement)
    case pooling(Pooling)
    case reduction(Reduction)
    /// Over the channels, for each pixel.
    case softmax
    case standardization(Standardization)
    /// x / (bias + alpha / size * (sum of squares of `size` neighbouring channels))^beta (AlexNet, section 3.3).
    case localResponse(size: Int, alpha: Float, beta: Float, bias: Float)
    /// Two live operands, `[batch, rows, depth]` and `[batch, depth, columns]` as channels, height and width; the
    /// output is `[batch, rows, columns]`.
    case matrixProduct
}

/// A convolution, with whatever per-channel scaling follows it folded in.
public struct Convolution: Sendable {
    public var outputChannels: Int
    public var inputChannels: Int
    /// Divides both counts of channels.
    public var groups: Int
    public var kernelHeight: Int
    public var kernelWidth: Int
    public var strideY = 1
    public var strideX = 1
    public var dilationY = 1
    public var dilationX = 1
    /// Zeros before the first and after the last row and column.
    public var top = 0
    public var left = 0
    public var bottom = 0
    public var right = 0
    /// Where the weight of an output channel, a channel within its group, a row and a column lies.
    public var weights: Constant
    public var outputStep: Int
    public var inputStep: Int
    public var rowStep: Int
    public var columnStep: Int
    /// One a output channel; multiplied into the weights when they are packed, in double precision.
    public var scale: [Double]?
    /// One a output channel.
    public var bias: [Double]

    /// Weights `[output, input / groups, height, width]` in row-major order.
    public init(
        outputChannels: Int, inputChannels: Int, groups: Int = 1, kernelHeight: Int, kernelWidth: Int,
        weights: Constant, bias: [Double]? = nil
    ) {
        self.outputChannels = outputChannels
        self.inputChannels = inputChannels
        self.groups = groups
        self.kernelHeight = kernelHeight
        self.kernelWidth = kernelWidth
        self.weights = weights
        columnStep = 1
        rowStep = kernelWidth
        inputStep = kernelHeight * kernelWidth
        outputStep = inputStep * (inputChannels / groups)
        self.bias = bias ?? [Double](repeating: 0, count: outputChannels)
    }

    /// One kernel a channel, and no channel sees another.
    public var isDepthwise: Bool { groups > 1 && groups == inputChannels && groups == outputChannels }
    /// A matrix product at each pixel.
    public var isPointwise: Bool {
        kernelHeight == 1 && kernelWidth == 1 && strideY == 1 && strideX == 1 && groups == 1
            && top == 0 && left == 0 && bottom == 0 && right == 0
    }

    /// Extents of the output; negative or zero where the kernel is larger than the padded input.
    public func outputShape(of input: MapShape) -> MapShape {
        func extent(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            let room = size - (kernel - 1) * dilation - 1
            return room < 0 ? 0 : room / stride + 1
        }
        return MapShape(
            channels: outputChannels,
            height: extent(input.height + top + bottom, kernelHeight, strideY, dilationY),
            width: extent(input.width + left + right, kernelWidth, strideX, dilationX))
    }

    /// Multiply-accumulates for each pixel of the output.
    public var multiplyAccumulatesPerPixel: Int {
        outputChannels * (inputChannels / groups) * kernelHeight * kernelWidth
    }
}

/// A function of one number.
public enum Activation: Sendable, Equatable {
    /// min(max(x, lower), upper): ReLU is (0, infinity), ReLU6 (0, 6). One bit a value leads the gradient back.
    case clip(lower: Float, upper: Float)
    /// x where positive, otherwise x * slope.
    case leaky(slope: Float)
    case sigmoid
    /// min(max(x * slope + offset, 0), 1)
    case hardSigmoid(slope: Float, offset: Float)
    /// x * min(max(x / 6 + 1 / 2, 0), 1)
    case hardSwish
    /// x * sigmoid(x)
    case swish
    case tanh
    case erf
    /// x * (1 + erf(x / sqrt 2)) / 2
    case gelu
    /// The approximation by tanh.
    case geluTanh
    case exp, log, sqrt, reciprocal, absolute
    /// x^exponent
    case power(Float)
    /// x where positive, otherwise alpha * (exp x - 1)
    case elu(alpha: Float)
    /// gamma times elu
    case selu(alpha: Float, gamma: Float)
    /// max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))
    case celu(alpha: Float)
    /// log(1 + exp x)
    case softplus
    /// x / (1 + |x|)
    case softsign
    /// x * tanh(softplus(x))
    case mish
}

public enum BinaryFunction: Sendable, Equatable {
    case add, subtract, multiply, divide, maximum, minimum
}

/// Element i of the output (row-major in channels, row, column) is one element of the input: a walk over `extents` with
/// `steps` (in elements of the input, row-major) from `offset` on. Steps may be zero or negative.
public struct Rearrangement: Sendable, Equatable {
    public var extents: [Int]
    public var steps: [Int]
    public var offset: Int

    public init(extents: [Int], steps: [Int], offset: Int) {
        self.extents = extents
        self.steps = steps
        self.offset = offset
    }
}

public struct Pooling: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case maximum
        /// Padding counts as zeros that are averaged, too, or not at all.
        case average(countsPadding: Bool)
    }

    public var kind: Kind
    public var kernelHeight: Int
    public var kernelWidth: Int
    public var strideY = 1
    public var strideX = 1
    public var dilationY = 1
    public var dilationX = 1
    /// Padding before the first row and column.
    public var top = 0
    public var left = 0
    /// Padding after the last. A window that begins within it and goes beyond it (ceil_mode) is cut there: what lies
    /// beyond this padding is never counted.
    public var bottom = 0
    public var right = 0
    /// The extents of the output, as rounding up or down has it.
    public var outputHeight: Int
    public var outputWidth: Int

    public init(kind: Kind, kernelHeight: Int, kernelWidth: Int, outputHeight: Int, outputWidth: Int) {
        self.kind = kind
        self.kernelHeight = kernelHeight
        self.kernelWidth = kernelWidth
        self.outputHeight = outputHeight
        self.outputWidth = outputWidth
    }
}

public struct Reduction: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case mean, sum, maximum, minimum
    }

    public enum Axis: Sendable, Equatable {
        /// All pixels: the output is `[channels, 1, 1]`.
        case pixels
        /// The output is `[1, height, width]`.
        case channels
    }

    public var kind: Kind
    public var axis: Axis

    public init(kind: Kind, axis: Axis) {
        self.kind = kind
        self.axis = axis
    }
}

/// (x - mean) / sqrt(variance + epsilon), mean and variance over one axis of the same image.
public struct Standardization: Sendable, Equatable {
    /// `channels`: for each pixel (LayerNormalization of channels). `pixels`: for each channel (InstanceNormalization).
    public var axis: Reduction.Axis
    public var epsilon: Float

    public init(axis: Reduction.Axis, epsilon: Float) {
        self.axis = axis
        self.epsilon = epsilon
    }
}
