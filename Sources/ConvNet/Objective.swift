/// What is maximised: a number made of one layer's activations F `[height, width, unit]`. Linear layers and rectified
/// ones alike. (Names and meanings are lucid's `objectives`, where it has them; thesis figure 6.1.)
public enum Objective: Sendable, Equatable {
    /// Spatial mean of one unit (thesis eq. 3.1; lucid's `channel`).
    case unit(Int)
    /// One unit at one place (lucid's `neuron`).
    case neuron(unit: Int, at: Place)
    /// Mean over all units at one place, a slice through the "cube of activations" (thesis section 6.1).
    case position(at: Place)
    /// Spatial mean of a weighted sum of units (lucid's `direction`).
    case direction([UnitWeight])
    /// Spatial mean of the cosine between the activations at a place and a direction, -1...1.
    case cosine([UnitWeight])

    /// A place of the map as parts of its width and height, 0...1: the same for every layer and image size.
    public struct Place: Sendable, Equatable {
        public var x: Double
        public var y: Double

        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }

        /// Row and column in a map; the centre of n is n / 2, as lucid has it.
        func cell(height: Int, width: Int) -> (row: Int, column: Int) {
            (min(max(Int(y * Double(height)), 0), height - 1), min(max(Int(x * Double(width)), 0), width - 1))
        }
    }

    /// One unit's part in a direction.
    public struct UnitWeight: Sendable, Equatable {
        public var unit: Int
        public var weight: Float

        public init(unit: Int, weight: Float) {
            self.unit = unit
            self.weight = weight
        }
    }

    /// The units that the objective names. All other units may have any activation.
    public var units: [Int] {
        switch self {
        case .unit(let unit), .neuron(let unit, _): [unit]
        case .position: []
        case .direction(let weights), .cosine(let weights): weights.map { $0.unit }
        }
    }

    /// The weights, if the objective is the spatial mean of a weighted sum, which needs only each unit's mean;
    /// otherwise nil.
    var meanWeights: [UnitWeight]? {
        switch self {
        case .unit(let unit): [UnitWeight(unit: unit, weight: 1)]
        case .direction(let weights): weights
        case .neuron, .position, .cosine: nil
        }
    }
}

extension Objective {
    /// The value at a layer's activations `[height, width, unit]`.
    public func value(of activations: Tensor) -> Float {
        var unused = Tensor(shape: [0], values: [])
        return evaluate(activations, scale: nil, &unused)
    }

    /// Returns the value. Adds `scale` times its derivative by the activations to `cotangent`, which has the same
    /// shape.
    @discardableResult
    public func addGradient(at activations: Tensor, scale: Float = 1, to cotangent: inout Tensor) -> Float {
        precondition(cotangent.shape == activations.shape, "a cotangent has its activations' shape")
        return evaluate(activations, scale: scale, &cotangent)
    }

    /// The value, and with a `scale` the derivative.
    private func evaluate(_ activations: Tensor, scale: Float?, _ cotangent: inout Tensor) -> Float {
        precondition(activations.shape.count == 3, "activations are [height, width, unit]")
        let (height, width, units) = (activations.shape[0], activations.shape[1], activations.shape[2])
        precondition(self.units.allSatisfy { (0..<units).contains($0) }, "the units belong to the layer")
        switch self {
        case .neuron(let unit, let place):
            let cell = place.cell(height: height, width: width)
            let index = (cell.row * width + cell.column) * units + unit
            if let scale { cotangent.values[index] += scale }
            return activations.values[index]
        case .position(let place):
            let cell = place.cell(height: height, width: width)
            let first = (cell.row * width + cell.column) * units
            if let scale { for index in first..<first + units { cotangent.values[index] += scale / Float(units) } }
            return Float(activations.values[first..<first + units].reduce(0.0) { $0 + Double($1) } / Double(units))
        case .unit(let unit):
            return mean([UnitWeight(unit: unit, weight: 1)], activations, scale, &cotangent)
        case .direction(let weights): return mean(weights, activations, scale, &cotangent)
        case .cosine(let weights): return cosine(weights, activations, scale, &cotangent)
        }
    }

    private func mean(
        _ weights: [UnitWeight], _ activations: Tensor, _ scale: Float?, _ cotangent: inout Tensor
    ) -> Float {
        let units = activations.shape[2]
        let pixels = activations.values.count / units
        var sum = 0.0
        for (unit, weight) in weights.map({ ($0.unit, $0.weight) }) {
            for index in stride(from: unit, to: activations.values.count, by: units) {
                sum += Double(activations.values[index]) * Double(weight)
                if let scale { cotangent.values[index] += scale * weight / Float(pixels) }
            }
        }
        return Float(sum / Double(pixels))
    }

    /// Places at which nothing is active have no direction: they count as zero and have no gradient.
    private func cosine(
        _ weights: [UnitWeight], _ activations: Tensor, _ scale: Float?, _ cotangent: inout Tensor
    ) -> Float {
        let units = activations.shape[2]
        let pixels = activations.values.count / units
        var direction = [Double](repeating: 0, count: units)
        for entry in weights { direction[entry.unit] += Double(entry.weight) }
        let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else { return 0 }
        for unit in 0..<units { direction[unit] /= length }
        var total = 0.0
        for pixel in 0..<pixels {
            let first = pixel * units
            var (product, square) = (0.0, 0.0)
            for unit in 0..<units {
                let value = Double(activations.values[first + unit])
                product += value * direction[unit]
                square += value * value
            }
            guard square > 1e-12 else { continue }
            let norm = square.squareRoot()
            let cosine = product / norm
            total += cosine
            guard let scale else { continue }
            let factor = Double(scale) / (norm * Double(pixels))
            for unit in 0..<units {
                let own = Double(activations.values[first + unit]) / norm
                cotangent.values[first + unit] += Float(factor * (direction[unit] - cosine * own))
            }
        }
        return Float(total / Double(pixels))
    }
}
