import Networks

@testable import ConvNet

/// One operation at given shapes, both ways, against `OperationReference`.
struct OperationComparison {
    var name: String
    var operation: Networks.Operation
    var inputs: [MapShape]
    var output: MapShape
    /// What the inputs' noise in -1...1 becomes.
    var scale: Float = 3
    var offset: Float = 0
    /// Whether values stay away from 0, on the noise's side of it.
    var avoidsZero = false
    /// Of the largest number of a map, and of 1. The gradient of what is repeated n times is a sum of n numbers: it may be
    /// off by the root of n times as much.
    var tolerance = 3e-6
    /// The code, where a planner may choose another than `MapOperations` makes.
    var code: (() -> MapOperation)?

    private var isBroadcast: Bool {
        if case .binary = operation { true } else { false }
    }

    /// Compares values, both ways of writing gradients, and what lies beyond the maps' channels.
    ///
    /// What an operation must not read, or must write, is filled with NaN.
    func findings() -> Findings {
        var found = Findings()
        let code: MapOperation
        do {
            if let own = self.code?() {
                code = own
            } else {
                guard let made = try MapOperations.make(operation, inputs: inputs, output: output) else {
                    found.expect(false, "\(name): no code")
                    return found
                }
                code = made
            }
        } catch {
            found.expect(false, "\(name): \(error)")
            return found
        }
        let values = inputs.indices.map { number in
            KernelSweep.noise(inputs[number].count, seed: UInt64(number + 11)).map { noise in
                let value = noise * scale + offset
                return avoidsZero ? (noise < 0 ? value - 0.3 : value + 0.3) : value
            }
        }
        let exact = values.map { $0.map { Double($0) } }
        let expected = OperationReference.output(of: operation, exact, inputs: inputs, shape: output)
        let maps = zip(values, inputs).map { KernelSweep.blocked($0, channels: $1.channels, pixels: $1.pixels) }
        let result = Self.undefined(output.floatCount)
        let (saved, scratch) = (Self.undefined(code.savedCount), Self.undefined(code.scratchCount))
        defer { withExtendedLifetime((maps, result, saved, scratch)) {} }
        code.memory = StepMemory(
            inputs: maps.map { $0.base }, output: result.base, saved: saved.base, scratch: scratch.base)
        code.forward()
        compare(result, output, expected, "values", &found)

        for (number, shape) in inputs.enumerated() where !code.keepsInputs.contains(number) {
            Self.spoil(maps[number], shape.floatCount)
        }
        if !code.keepsOutput { Self.spoil(result, output.floatCount) }
        let cotangent = KernelSweep.noise(output.count, seed: 77)
        let gradients = numericalGradients(exact, cotangent)
        for adds in [false, true] {
            let base = inputs.map { KernelSweep.noise($0.count, seed: 78) }
            // Nobody wants one of the gradients; then somebody wants all.
            for left in inputs.count > 1 ? [0, 1, nil] : [nil] as [Int?] {
                Self.spoil(scratch, code.scratchCount)
                let targets = zip(base, inputs).map {
                    adds
                        ? KernelSweep.blocked($0, channels: $1.channels, pixels: $1.pixels)
                        : Self.undefined($1.floatCount)
                }
                defer { withExtendedLifetime(targets) {} }
                let gradient = KernelSweep.blocked(cotangent, channels: output.channels, pixels: output.pixels)
                code.memory.gradient = gradient.base
                code.memory.inputGradients = targets.indices.map {
                    StepMemory.Gradient(base: $0 == left ? nil : targets[$0].base, adds: adds)
                }
                withExtendedLifetime(gradient) { code.backward() }
                for (number, shape) in inputs.enumerated() where number != left {
                    let before = adds ? base[number].map { Double($0) } : [Double](repeating: 0, count: shape.count)
                    compare(
                        targets[number], shape, zip(before, gradients[number]).map { $0 + $1 },
                        "gradient of input \(number), \(adds ? "added" : "written")",
                        terms: isBroadcast ? output.count / shape.count : 1, &found)
                }
            }
        }
        return found
    }

    /// The sum of the outputs times the cotangent, differentiated in double precision: NaN where it is not asked for.
    private func numericalGradients(_ values: [[Double]], _ cotangent: [Float]) -> [[Double]] {
        var values = values
        func objective() -> Double {
            zip(OperationReference.output(of: operation, values, inputs: inputs, shape: output), cotangent)
                .reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        let step = 1e-5
        return inputs.indices.map { number in
            let count = inputs[number].count
            // Some of many, in an order without structure.
            let chosen = count <= 64 ? Array(0..<count) : (0..<48).map { $0 * 7919 % count }
            var gradient = [Double](repeating: .nan, count: count)
            for index in chosen {
                let value = values[number][index]
                values[number][index] = value + step
                let above = objective()
                values[number][index] = value - step
                gradient[index] = (above - objective()) / (2 * step)
                values[number][index] = value
            }
            return gradient
        }
    }

    /// Compares a map with numbers, of which some may be NaN: not known.
    private func compare(
        _ map: AlignedBuffer, _ shape: MapShape, _ expected: [Double], _ what: String, terms: Int = 1,
        _ found: inout Findings
    ) {
        let largest = expected.reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 } * Double(terms).squareRoot()
        for lane in 0..<shape.laneCount {
            for index in 0..<laneWidth {
                let channel = lane / shape.pixels * laneWidth + index
                let value = map.floats[lane * laneWidth + index]
                guard channel < shape.channels else {
                    found.expect(value == 0, "\(name), \(what): \(value) beyond the channels")
                    continue
                }
                let exact = expected[channel * shape.pixels + lane % shape.pixels]
                guard !exact.isNaN else {
                    found.expect(value.isFinite, "\(name), \(what): \(value)")
                    continue
                }
                let agrees = exact == Double(value) || abs(Double(value) - exact) <= tolerance * largest
                found.expect(
                    agrees,
                    "\(name), \(what): \(value) in channel \(channel), pixel \(lane % shape.pixels), expected \(exact)")
            }
        }
    }

    private static func undefined(_ count: Int) -> AlignedBuffer {
        let buffer = AlignedBuffer(count: count)
        spoil(buffer, count)
        return buffer
    }

    private static func spoil(_ buffer: AlignedBuffer, _ count: Int) {
        for index in 0..<count { buffer.floats[index] = .nan }
    }
}
