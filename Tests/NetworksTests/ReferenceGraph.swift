import Foundation

@testable import Networks

/// Graphs in plain loops and double precision: slow, and right by its simplicity.
struct ReferenceGraph {
    let graph: Graph

    /// The values of the graph, each row-major `[channels, height, width]`; what `targets` do not need stays empty.
    func values(of targets: [Int], image: [Double]) throws -> [[Double]] {
        var isNeeded = [Bool](repeating: false, count: graph.valueCount)
        for target in targets { isNeeded[target] = true }
        for value in (1..<graph.valueCount).reversed() where isNeeded[value] {
            for input in graph.nodes[value - 1].inputs { isNeeded[input] = true }
        }
        var values = [[Double]](repeating: [], count: graph.valueCount)
        values[0] = image
        for (index, node) in graph.nodes.enumerated() where isNeeded[index + 1] {
            let inputs = node.inputs.map { values[$0] }
            let shapes = node.inputs.map { graph.shape(of: $0) }
            values[index + 1] = try output(of: node, inputs, shapes)
            guard values[index + 1].count == node.shape.count else {
                throw NetworkError(
                    file: "", place: node.name,
                    reason: "\(node.operation) gives \(values[index + 1].count) values for \(node.shape)")
            }
        }
        return values
    }

    private func output(
        of node: Graph.Node, _ inputs: [[Double]], _ shapes: [MapShape]
    ) throws -> [Double] {
        let x = inputs[0]
        let shape = shapes[0]
        let pixels = shape.pixels
        switch node.operation {
        case .convolution(let convolution): return try convolve(convolution, x, shape, node.shape)
        case .activation(let function): return x.map { Self.value(of: function, $0) }
        case .parametricRectifier(let slopes):
            return x.indices.map { x[$0] > 0 ? x[$0] : x[$0] * Double(slopes[$0 / pixels]) }
        case .affine(let scale, let shift):
            return x.indices.map { x[$0] * Double(scale[$0 / pixels]) + Double(shift[$0 / pixels]) }
        case .addConstant(let constant): return zip(x, try constant.values()).map { $0 + Double($1) }
        case .multiplyConstant(let constant): return zip(x, try constant.values()).map { $0 * Double($1) }
        case .binary(let function):
            let one = broadcast(x, shape, to: node.shape)
            let other = broadcast(inputs[1], shapes[1], to: node.shape)
            return zip(one, other).map { first, second in
                switch function {
                case .add: first + second
                case .subtract: first - second
                case .multiply: first * second
                case .divide: first / second
                case .maximum: max(first, second)
                case .minimum: min(first, second)
                }
            }
        case .concatenation: return inputs.flatMap { $0 }
        case .channels(let indices): return indices.flatMap { x[$0 * pixels..<($0 + 1) * pixels] }
        case .resample(let rows, let columns, let border):
            return (0..<shape.channels).flatMap { channel in
                rows.flatMap { row in
                    columns.map { column in
                        row < 0 || column < 0
                            ? Double(border) : x[(channel * shape.height + row) * shape.width + column]
                    }
                }
            }
        case .rearrangement(let walk): return elements(walk, x)
        case .pooling(let pooling): return pool(pooling, x, shape)
        case .reduction(let reduction):
            return groups(reduction.axis, x, shape).map { group in
                switch reduction.kind {
                case .mean: group.reduce(0, +) / Double(group.count)
                case .sum: group.reduce(0, +)
                case .maximum: group.max() ?? 0
                case .minimum: group.min() ?? 0
                }
            }
        case .softmax:
            return spread(
                groups(.channels, x, shape).map { group in
                    let largest = group.max() ?? 0
                    let powers = group.map { exp($0 - largest) }
                    let sum = powers.reduce(0, +)
                    return powers.map { $0 / sum }
                }, .channels, shape)
        case .standardization(let standardization):
            return spread(
                groups(standardization.axis, x, shape).map { group in
                    let mean = group.reduce(0, +) / Double(group.count)
                    let variance = group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(group.count)
                    return group.map { ($0 - mean) / sqrt(variance + Double(standardization.epsilon)) }
                }, standardization.axis, shape)
        case .localResponse(let size, let alpha, let beta, let bias):
            return x.indices.map { position in
                let channel = position / pixels
                var sum = 0.0
                for neighbor in max(0, channel - (size - 1) / 2)...min(shape.channels - 1, channel + size / 2) {
                    let value = x[position + (neighbor - channel) * pixels]
                    sum += value * value
                }
                return x[position] / pow(Double(bias) + Double(alpha) / Double(size) * sum, Double(beta))
            }
        case .matrixProduct:
            return product(x, shape, inputs[1], columns: shapes[1].width)
        }
    }

    // MARK: Operations

    private func convolve(
        _ convolution: Convolution, _ x: [Double], _ shape: MapShape, _ output: MapShape
    ) throws -> [Double] {
        let weights = try convolution.weights.values().map(Double.init)
        let groupInputs = convolution.inputChannels / convolution.groups
        let groupOutputs = convolution.outputChannels / convolution.groups
        var result = [Double](repeating: 0, count: output.count)
        x.withUnsafeBufferPointer { x in
            weights.withUnsafeBufferPointer { weights in
                for channel in 0..<convolution.outputChannels {
                    let scale = convolution.scale?[channel] ?? 1
                    let first = channel / groupOutputs * groupInputs
                    for row in 0..<output.height {
                        for column in 0..<output.width {
                            var sum = 0.0
                            for kernelRow in 0..<convolution.kernelHeight {
                                let y = row * convolution.strideY - convolution.top + kernelRow * convolution.dilationY
                                guard y >= 0, y < shape.height else { continue }
                                for kernelColumn in 0..<convolution.kernelWidth {
                                    let x0 =
                                        column * convolution.strideX - convolution.left
                                        + kernelColumn * convolution.dilationX
                                    guard x0 >= 0, x0 < shape.width else { continue }
                                    var place =
                                        channel * convolution.outputStep + kernelRow * convolution.rowStep
                                        + kernelColumn * convolution.columnStep
                                    var source = (first * shape.height + y) * shape.width + x0
                                    for _ in 0..<groupInputs {
                                        sum += weights[place] * x[source]
                                        place += convolution.inputStep
                                        source += shape.pixels
                                    }
                                }
                            }
                            result[(channel * output.height + row) * output.width + column] =
                                sum * scale + convolution.bias[channel]
                        }
                    }
                }
            }
        }
        return result
    }

    private func pool(_ pooling: Pooling, _ x: [Double], _ shape: MapShape) -> [Double] {
        var result: [Double] = []
        for channel in 0..<shape.channels {
            for row in 0..<pooling.outputHeight {
                for column in 0..<pooling.outputWidth {
                    var values: [Double] = []
                    var counted = 0
                    for kernelRow in 0..<pooling.kernelHeight {
                        let y = row * pooling.strideY - pooling.top + kernelRow * pooling.dilationY
                        for kernelColumn in 0..<pooling.kernelWidth {
                            let x0 = column * pooling.strideX - pooling.left + kernelColumn * pooling.dilationX
                            if y < shape.height + pooling.bottom, x0 < shape.width + pooling.right { counted += 1 }
                            guard y >= 0, x0 >= 0, y < shape.height, x0 < shape.width else { continue }
                            values.append(x[(channel * shape.height + y) * shape.width + x0])
                        }
                    }
                    switch pooling.kind {
                    case .maximum: result.append(values.max() ?? -.infinity)
                    case .average(let countsPadding):
                        result.append(values.reduce(0, +) / Double(countsPadding ? counted : values.count))
                    }
                }
            }
        }
        return result
    }

    private func product(_ x: [Double], _ shape: MapShape, _ other: [Double], columns: Int) -> [Double] {
        var result: [Double] = []
        for batch in 0..<shape.channels {
            for row in 0..<shape.height {
                for column in 0..<columns {
                    var sum = 0.0
                    for index in 0..<shape.width {
                        let factor = x[(batch * shape.height + row) * shape.width + index]
                        sum += factor * other[(batch * shape.width + index) * columns + column]
                    }
                    result.append(sum)
                }
            }
        }
        return result
    }

    private func elements(_ walk: Rearrangement, _ x: [Double]) -> [Double] {
        var places = [walk.offset]
        for (extent, step) in zip(walk.extents, walk.steps) {
            places = places.flatMap { place in (0..<extent).map { place + $0 * step } }
        }
        return places.map { x[$0] }
    }

    private func broadcast(_ x: [Double], _ shape: MapShape, to output: MapShape) -> [Double] {
        if shape == output { return x }
        var result: [Double] = []
        for channel in 0..<output.channels {
            for row in 0..<output.height {
                for column in 0..<output.width {
                    let place =
                        ((shape.channels == 1 ? 0 : channel) * shape.height + (shape.height == 1 ? 0 : row))
                        * shape.width + (shape.width == 1 ? 0 : column)
                    result.append(x[place])
                }
            }
        }
        return result
    }

    /// The values that are reduced together.
    private func groups(_ axis: Reduction.Axis, _ x: [Double], _ shape: MapShape) -> [[Double]] {
        switch axis {
        case .pixels: (0..<shape.channels).map { Array(x[$0 * shape.pixels..<($0 + 1) * shape.pixels]) }
        case .channels:
            (0..<shape.pixels).map { pixel in (0..<shape.channels).map { x[$0 * shape.pixels + pixel] } }
        }
    }

    /// The inverse of `groups`.
    private func spread(_ groups: [[Double]], _ axis: Reduction.Axis, _ shape: MapShape) -> [Double] {
        switch axis {
        case .pixels: groups.flatMap { $0 }
        case .channels: (0..<shape.channels).flatMap { channel in groups.map { $0[channel] } }
        }
    }

    static func value(of function: Activation, _ x: Double) -> Double {
        switch function {
        case .clip(let lower, let upper): min(max(x, Double(lower)), Double(upper))
        case .leaky(let slope): x > 0 ? x : x * Double(slope)
        case .sigmoid: 1 / (1 + exp(-x))
        case .hardSigmoid(let slope, let offset): min(max(x * Double(slope) + Double(offset), 0), 1)
        case .hardSwish: x * min(max(x / 6 + 0.5, 0), 1)
        case .swish: x / (1 + exp(-x))
        case .tanh: tanh(x)
        case .erf: erf(x)
        case .gelu: x * (1 + erf(x / 2.0.squareRoot())) / 2
        case .geluTanh: x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
        case .exp: exp(x)
        case .log: log(x)
        case .sqrt: x.squareRoot()
        case .reciprocal: 1 / x
        case .absolute: abs(x)
        case .power(let exponent): pow(x, Double(exponent))
        case .elu(let alpha): x > 0 ? x : Double(alpha) * (exp(x) - 1)
        case .selu(let alpha, let gamma): Double(gamma) * (x > 0 ? x : Double(alpha) * (exp(x) - 1))
        case .celu(let alpha): max(x, 0) + min(0, Double(alpha) * (exp(x / Double(alpha)) - 1))
        case .softplus: log(1 + exp(x))
        case .softsign: x / (1 + abs(x))
        case .mish: x * tanh(log(1 + exp(x)))
        }
    }
}
