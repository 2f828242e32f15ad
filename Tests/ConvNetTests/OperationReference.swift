import Foundation
import Networks

/// A graph's operations as their definitions have them: plain loops in double precision, maps in row-major order.
enum OperationReference {
    /// The output.
    /// - Parameters:
    ///   - values: the inputs' values.
    static func output(
        of operation: Networks.Operation, _ values: [[Double]], inputs: [MapShape], shape: MapShape
    ) -> [Double] {
        let x = values[0]
        let input = inputs[0]
        func byElement(_ value: (_ channel: Int, _ y: Int, _ x: Int) -> Double) -> [Double] {
            (0..<shape.count).map { index in
                value(index / shape.pixels, index % shape.pixels / shape.width, index % shape.width)
            }
        }
        switch operation {
        case .convolution: preconditionFailure("convolutions have their own tests")
        case .activation(let activation): return x.map { value(of: activation, $0) }
        case .parametricRectifier(let slopes):
            return x.enumerated().map { $1 > 0 ? $1 : $1 * Double(slopes[$0 / shape.pixels]) }
        case .affine(let scale, let shift):
            return x.enumerated().map {
                $1 * Double(scale[$0 / shape.pixels]) + Double(shift[$0 / shape.pixels])
            }
        case .addConstant(let constant): return zip(x, constants(constant)).map { $0 + Double($1) }
        case .multiplyConstant(let constant): return zip(x, constants(constant)).map { $0 * Double($1) }
        case .binary(let function):
            func operand(_ number: Int, _ channel: Int, _ y: Int, _ x: Int) -> Double {
                let extent = inputs[number]
                return values[number][
                    (min(channel, extent.channels - 1) * extent.height + min(y, extent.height - 1)) * extent.width
                        + min(x, extent.width - 1)]
            }
            return byElement { channel, y, x in
                let (a, b) = (operand(0, channel, y, x), operand(1, channel, y, x))
                switch function {
                case .add: return a + b
                case .subtract: return a - b
                case .multiply: return a * b
                case .divide: return a / b
                case .maximum: return max(a, b)
                case .minimum: return min(a, b)
                }
            }
        case .concatenation: return values.flatMap { $0 }
        case .channels(let indices): return indices.flatMap { x[$0 * input.pixels..<($0 + 1) * input.pixels] }
        case .resample(let rows, let columns, let border):
            return byElement { channel, y, column in
                rows[y] < 0 || columns[column] < 0
                    ? Double(border) : x[(channel * input.height + rows[y]) * input.width + columns[column]]
            }
        case .rearrangement(let walk):
            return (0..<shape.count).map { element in
                var (rest, place) = (element, walk.offset)
                for axis in walk.extents.indices.reversed() {
                    place += rest % walk.extents[axis] * walk.steps[axis]
                    rest /= walk.extents[axis]
                }
                return x[place]
            }
        case .pooling(let pooling):
            return byElement { channel, y, column in
                pooled(pooling, x, input, channel: channel, y: y, x: column)
            }
        case .reduction(let reduction):
            return (0..<shape.count).map { index in
                let members: [Double]
                switch reduction.axis {
                case .pixels: members = Array(x[index * input.pixels..<(index + 1) * input.pixels])
                case .channels: members = (0..<input.channels).map { x[$0 * input.pixels + index] }
                }
                switch reduction.kind {
                case .mean: return members.reduce(0, +) / Double(members.count)
                case .sum: return members.reduce(0, +)
                case .maximum: return members.max() ?? .nan
                case .minimum: return members.min() ?? .nan
                }
            }
        case .softmax:
            return byElement { channel, y, column in
                let pixel = y * shape.width + column
                let sum = (0..<shape.channels).reduce(0.0) { $0 + exp(x[$1 * shape.pixels + pixel]) }
                return exp(x[channel * shape.pixels + pixel]) / sum
            }
        case .standardization(let standardization):
            return (0..<shape.count).map { index in
                let (channel, pixel) = (index / shape.pixels, index % shape.pixels)
                let members =
                    standardization.axis == .pixels
                    ? (0..<shape.pixels).map { x[channel * shape.pixels + $0] }
                    : (0..<shape.channels).map { x[$0 * shape.pixels + pixel] }
                let mean = members.reduce(0, +) / Double(members.count)
                let variance = members.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(members.count)
                return (x[index] - mean) / (variance + Double(standardization.epsilon)).squareRoot()
            }
        case .localResponse(let size, let alpha, let beta, let bias):
            return (0..<shape.count).map { index in
                let (channel, pixel) = (index / shape.pixels, index % shape.pixels)
                var sum = 0.0
                for other in channel - (size - 1) / 2...channel + size / 2
                where other >= 0 && other < shape.channels {
                    sum += x[other * shape.pixels + pixel] * x[other * shape.pixels + pixel]
                }
                return x[index] / pow(Double(bias) + Double(alpha) / Double(size) * sum, Double(beta))
            }
        case .matrixProduct:
            let other = inputs[1]
            return byElement { batch, row, column in
                (0..<input.width).reduce(0.0) {
                    $0 + x[(batch * input.height + row) * input.width + $1]
                        * values[1][(batch * other.height + $1) * other.width + column]
                }
            }
        }
    }

    private static func constants(_ constant: Constant) -> [Float] {
        do { return try constant.values() } catch { preconditionFailure("\(error)") }
    }

    private static func pooled(
        _ pooling: Pooling, _ values: [Double], _ input: MapShape, channel: Int, y: Int, x: Int
    ) -> Double {
        var (largest, sum, inside, padded) = (-Double.infinity, 0.0, 0, 0)
        for tapY in 0..<pooling.kernelHeight {
            for tapX in 0..<pooling.kernelWidth {
                let row = y * pooling.strideY - pooling.top + tapY * pooling.dilationY
                let column = x * pooling.strideX - pooling.left + tapX * pooling.dilationX
                if row < input.height + pooling.bottom, column < input.width + pooling.right { padded += 1 }
                guard row >= 0, row < input.height, column >= 0, column < input.width else { continue }
                inside += 1
                let value = values[(channel * input.height + row) * input.width + column]
                largest = max(largest, value)
                sum += value
            }
        }
        switch pooling.kind {
        case .maximum: return largest
        case .average(let countsPadding):
            let count = countsPadding ? padded : inside
            return count == 0 ? 0 : sum / Double(count)
        }
    }

    static func value(of activation: Activation, _ x: Double) -> Double {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        switch activation {
        case .clip(let lower, let upper): return min(max(x, Double(lower)), Double(upper))
        case .leaky(let slope): return x > 0 ? x : x * Double(slope)
        case .sigmoid: return sigmoid(x)
        case .hardSigmoid(let slope, let offset): return min(max(x * Double(slope) + Double(offset), 0), 1)
        case .hardSwish: return x * min(max(x / 6 + 0.5, 0), 1)
        case .swish: return x * sigmoid(x)
        case .tanh: return Foundation.tanh(x)
        case .erf: return Foundation.erf(x)
        case .gelu: return x * erfc(-x / 2.0.squareRoot()) / 2
        case .geluTanh: return x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
        case .exp: return Foundation.exp(x)
        case .log: return Foundation.log(x)
        case .sqrt: return x.squareRoot()
        case .reciprocal: return 1 / x
        case .absolute: return abs(x)
        case .power(let exponent): return pow(x, Double(exponent))
        case .elu(let alpha): return x > 0 ? x : Double(alpha) * expm1(x)
        case .selu(let alpha, let gamma): return Double(gamma) * (x > 0 ? x : Double(alpha) * expm1(x))
        case .celu(let alpha): return max(x, 0) + min(0, Double(alpha) * expm1(x / Double(alpha)))
        case .softplus: return log1p(exp(x))
        case .softsign: return x / (1 + abs(x))
        case .mish: return x * Foundation.tanh(log1p(exp(x)))
        }
    }
}
