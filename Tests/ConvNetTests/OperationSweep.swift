import Networks

@testable import ConvNet

/// Every operation over many shapes and attributes.
enum OperationSweep {
    static let shapes = [1, 3, 15, 16, 17, 24, 40].flatMap { channels in
        [(1, 1), (1, 7), (5, 4), (8, 9)].map { MapShape(channels: channels, height: $0.0, width: $0.1) }
    }

    private static func all(_ comparisons: [OperationComparison]) -> Findings {
        var found = Findings()
        for comparison in comparisons { found.add(comparison.findings()) }
        return found
    }

    private static func words(_ shape: MapShape) -> String { "\(shape.channels)x\(shape.height)x\(shape.width)" }

    static let activations: [Activation] = [
        .clip(lower: 0, upper: .infinity), .clip(lower: 0, upper: 2), .clip(lower: -1, upper: 1),
        .clip(lower: -.infinity, upper: 1), .clip(lower: 0.5, upper: 1.5), .clip(lower: -2, upper: -0.5),
        .leaky(slope: 0.1), .leaky(slope: 0), .sigmoid, .hardSigmoid(slope: 0.2, offset: 0.5),
        .hardSigmoid(slope: -0.3, offset: 0.4), .hardSwish, .swish, .tanh, .erf, .gelu, .geluTanh, .exp, .absolute,
        .power(2), .power(3), .power(0), .power(4), .elu(alpha: 0.7), .selu(alpha: 1.67326, gamma: 1.0507),
        .celu(alpha: 1.3), .softplus, .softsign, .mish,
    ]
    /// Of positive numbers only.
    static let positiveActivations: [Activation] = [.log, .sqrt, .reciprocal, .power(0.5), .power(-1.3), .power(0.7)]

    static func activation(_ activation: Activation, ofPositive: Bool = false) -> Findings {
        all(
            shapes.map {
                var comparison = OperationComparison(
                    name: "\(words($0))", operation: .activation(activation), inputs: [$0], output: $0, scale: 5)
                if ofPositive { (comparison.scale, comparison.offset) = (2, 2.2) }
                return comparison
            })
    }

    /// Slopes in sixteen bits.
    static func roundedSlopes() -> Findings {
        all(
            shapes.map { shape in
                var comparison = OperationComparison(
                    name: words(shape), operation: .activation(.gelu), inputs: [shape], output: shape, scale: 5)
                comparison.code = { RoundedSlopeOperation(shape: shape) }
                comparison.tolerance = 1.3e-5
                return comparison
            })
    }

    static func perChannel() -> Findings {
        all(
            shapes.flatMap { shape -> [OperationComparison] in
                let (a, b) = (
                    KernelSweep.noise(shape.channels, seed: 3), KernelSweep.noise(shape.channels, seed: 4)
                )
                let constant = Constant(KernelSweep.noise(shape.count, seed: 5))
                let operations: [(String, Networks.Operation)] = [
                    ("slopes", .parametricRectifier(slopes: a)), ("affine", .affine(scale: a, shift: b)),
                    ("summands", .addConstant(constant)), ("factors", .multiplyConstant(constant)),
                ]
                return operations.map {
                    OperationComparison(
                        name: "\($0.0), \(words(shape))", operation: $0.1, inputs: [shape], output: shape)
                }
            })
    }

    static let functions: [BinaryFunction] = [.add, .subtract, .multiply, .divide, .maximum, .minimum]

    /// Each operand has each of its extents or 1.
    static func binary(_ function: BinaryFunction) -> Findings {
        var comparisons: [OperationComparison] = []
        for shape in shapes {
            for bits in 0..<64 {
                func part(_ extent: Int, _ bit: Int) -> Int { bits >> bit & 1 == 1 ? 1 : extent }
                let a = MapShape(
                    channels: part(shape.channels, 0), height: part(shape.height, 1), width: part(shape.width, 2))
                let b = MapShape(
                    channels: part(shape.channels, 3), height: part(shape.height, 4), width: part(shape.width, 5))
                let output = MapShape(
                    channels: max(a.channels, b.channels), height: max(a.height, b.height), width: max(a.width, b.width)
                )
                // What one repeats, the other has.
                guard output == shape else { continue }
                comparisons.append(
                    OperationComparison(
                        name: "\(words(a)) and \(words(b))", operation: .binary(function), inputs: [a, b],
                        output: output, avoidsZero: true))
            }
        }
        return all(comparisons)
    }

    static func concatenations() -> Findings {
        let parts = [
            [1, 1], [16, 16], [3, 5], [15, 2, 40], [16, 24, 17], [24, 24], [1, 16, 31, 3], [40, 8, 16],
        ]
        return all(
            parts.flatMap { channels in
                [(1, 1), (1, 7), (5, 4), (8, 9)].map { height, width in
                    let inputs = channels.map { MapShape(channels: $0, height: height, width: width) }
                    return OperationComparison(
                        name: "\(channels) of \(height)x\(width)", operation: .concatenation, inputs: inputs,
                        output: MapShape(channels: channels.reduce(0, +), height: height, width: width))
                }
            })
    }

    static func channels() -> Findings {
        all(
            shapes.flatMap { shape -> [OperationComparison] in
                let count = shape.channels
                let lists = [
                    Array((0..<count).reversed()), (0..<count).map { $0 * 7 % count }, Array(count / 2..<count),
                    Array(0..<count) + Array(0..<count), [count - 1],
                    (0..<count).map { ($0 + count / 3) % count }, [Int](repeating: count / 2, count: 18),
                ]
                return lists.map { indices in
                    OperationComparison(
                        name: "\(indices) of \(words(shape))", operation: .channels(indices), inputs: [shape],
                        output: MapShape(channels: indices.count, height: shape.height, width: shape.width))
                }
            })
    }

    static func resamplings() -> Findings {
        all(
            shapes.flatMap { shape -> [OperationComparison] in
                func tables(_ size: Int) -> [[Int]] {
                    [
                        [-1, -1] + Array(0..<size) + [-1], (0..<2 * size).map { $0 / 2 }, [size - 1],
                        (0..<size).reversed() + (0..<size),
                    ]
                }
                return zip(tables(shape.height), tables(shape.width)).map { rows, columns in
                    OperationComparison(
                        name: "rows \(rows), columns \(columns) of \(words(shape))",
                        operation: .resample(rows: rows, columns: columns, border: 0.25), inputs: [shape],
                        output: MapShape(channels: shape.channels, height: rows.count, width: columns.count))
                }
            })
    }

    static func rearrangements() -> Findings {
        all(
            shapes.flatMap { shape -> [OperationComparison] in
                let (c, h, w) = (shape.channels, shape.height, shape.width)
                let walks: [(String, [Int], [Int], Int, MapShape)] = [
                    ("flat", [c * h * w], [1], 0, MapShape(channels: c * h * w, height: 1, width: 1)),
                    ("as it is", [c, h, w], [h * w, w, 1], 0, shape),
                    ("one row", [c, h * w], [h * w, 1], 0, MapShape(channels: c, height: 1, width: h * w)),
                    ("turned", [c, w, h], [h * w, 1, w], 0, MapShape(channels: c, height: w, width: h)),
                    ("mirrored", [c, h, w], [h * w, w, -1], w - 1, shape),
                    ("channels last", [h, w, c], [w, 1, h * w], 0, MapShape(channels: h, height: w, width: c)),
                    ("repeated", [c, 2, h, w], [h * w, 0, w, 1], 0, MapShape(channels: c, height: 2 * h, width: w)),
                    ("channels reversed", [c, h, w], [-h * w, w, 1], (c - 1) * h * w, shape),
                ]
                return walks.map { name, extents, steps, offset, output in
                    OperationComparison(
                        name: "\(name), \(words(shape))",
                        operation: .rearrangement(Rearrangement(extents: extents, steps: steps, offset: offset)),
                        inputs: [shape], output: output)
                }
            })
    }

    static let poolings: [Pooling.Kind] = [.maximum, .average(countsPadding: true), .average(countsPadding: false)]

    static func pooling(_ kind: Pooling.Kind) -> Findings {
        var comparisons: [OperationComparison] = []
        for shape in shapes {
            for (kernel, stride, dilation, before, after) in [
                (2, 2, 1, 0, 0), (3, 2, 1, 1, 1), (3, 2, 1, 0, 1), (3, 1, 1, 1, 1), (1, 2, 1, 0, 0), (2, 1, 3, 2, 1),
                (5, 3, 1, 2, 2), (17, 1, 1, 8, 8),
            ] {
                for roundsUp in [false, true] {
                    /// PyTorch's rule: rounded up, the last window still begins within input and padding before.
                    func extent(_ size: Int) -> Int {
                        let room = size + before + after - dilation * (kernel - 1) - 1
                        if room < 0 { return 0 }
                        let count = (room + (roundsUp ? stride - 1 : 0)) / stride + 1
                        return roundsUp && (count - 1) * stride >= size + before ? count - 1 : count
                    }
                    let output = MapShape(
                        channels: shape.channels, height: extent(shape.height), width: extent(shape.width))
                    guard output.count > 0 else { continue }
                    var pooling = Pooling(
                        kind: kind, kernelHeight: kernel, kernelWidth: kernel, outputHeight: output.height,
                        outputWidth: output.width)
                    (pooling.strideY, pooling.strideX) = (stride, stride)
                    (pooling.dilationY, pooling.dilationX) = (dilation, dilation)
                    (pooling.top, pooling.left, pooling.bottom, pooling.right) = (before, before, after, after)
                    comparisons.append(
                        OperationComparison(
                            name: "\(pooling) of \(words(shape))", operation: .pooling(pooling), inputs: [shape],
                            output: output))
                }
            }
            var oblong = Pooling(kind: kind, kernelHeight: 1, kernelWidth: 3, outputHeight: 0, outputWidth: 0)
            (oblong.strideY, oblong.strideX, oblong.right) = (2, 1, 2)
            (oblong.outputHeight, oblong.outputWidth) = ((shape.height - 1) / 2 + 1, shape.width)
            comparisons.append(
                OperationComparison(
                    name: "\(oblong) of \(words(shape))", operation: .pooling(oblong), inputs: [shape],
                    output: MapShape(
                        channels: shape.channels, height: oblong.outputHeight, width: oblong.outputWidth)))
        }
        return all(comparisons)
    }

    static func reductions() -> Findings {
        all(
            shapes.flatMap { shape in
                [Reduction.Kind.mean, .sum, .maximum, .minimum].flatMap { kind in
                    [
                        OperationComparison(
                            name: "\(kind) of pixels, \(words(shape))",
                            operation: .reduction(Reduction(kind: kind, axis: .pixels)), inputs: [shape],
                            output: MapShape(channels: shape.channels, height: 1, width: 1), offset: 1),
                        OperationComparison(
                            name: "\(kind) of channels, \(words(shape))",
                            operation: .reduction(Reduction(kind: kind, axis: .channels)), inputs: [shape],
                            output: MapShape(channels: 1, height: shape.height, width: shape.width), offset: -4),
                    ]
                }
            })
    }

    static func normalizations() -> Findings {
        all(
            shapes.flatMap { shape -> [OperationComparison] in
                let operations: [(String, Networks.Operation)] = [
                    ("softmax", .softmax),
                    ("pixels", .standardization(Standardization(axis: .pixels, epsilon: 1e-2))),
                    ("channels", .standardization(Standardization(axis: .channels, epsilon: 1e-2))),
                    ("5 neighbours", .localResponse(size: 5, alpha: 0.5, beta: 0.75, bias: 1)),
                    ("4 neighbours", .localResponse(size: 4, alpha: 0.3, beta: 0.6, bias: 2)),
                    ("1 neighbour", .localResponse(size: 1, alpha: 0.3, beta: 1, bias: 2)),
                    ("37 neighbours", .localResponse(size: 37, alpha: 2, beta: 0.5, bias: 1)),
                ]
                return operations.map {
                    OperationComparison(
                        name: "\($0.0), \(words(shape))", operation: $0.1, inputs: [shape], output: shape,
                        tolerance: 1e-5)
                }
            })
    }

    static func matrixProducts() -> Findings {
        all(
            [(1, 1, 1, 1), (3, 5, 4, 7), (16, 2, 9, 4), (17, 6, 1, 5), (24, 7, 8, 3), (2, 1, 33, 1)].map {
                batch, rows, depth, columns in
                OperationComparison(
                    name: "\(batch) products of \(rows)x\(depth) and \(depth)x\(columns)", operation: .matrixProduct,
                    inputs: [
                        MapShape(channels: batch, height: rows, width: depth),
                        MapShape(channels: batch, height: depth, width: columns),
                    ],
                    output: MapShape(channels: batch, height: rows, width: columns))
            })
    }
}
