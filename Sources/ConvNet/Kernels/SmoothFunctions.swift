// The functions behind `Activation` that are no two lines. Each says which of its two numbers its way back reads.

/// A gradient times a slope that may be infinite: nothing times anything is nothing.
@inline(__always) private func product(_ gradient: Lane, _ slope: Lane) -> Lane {
    (gradient * slope).replacing(with: Lane.zero, where: gradient .== Lane.zero)
}

/// Keeps its value.
struct Sigmoid: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { logistic(x) }
    @inline(__always) func gradient(_ y: Lane, _ gradient: Lane) -> Lane { gradient * y * (Lane(repeating: 1) - y) }
}

/// Keeps its value.
struct HyperbolicTangent: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { hyperbolicTangent(x) }
    @inline(__always) func gradient(_ y: Lane, _ gradient: Lane) -> Lane {
        gradient * (Lane(repeating: 1) - y) * (Lane(repeating: 1) + y)
    }
}

/// Keeps x.
struct ErrorFunction: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { errorFunction(x) }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        let bounded = minimum(magnitude(x), Lane(repeating: 12))
        return gradient * Lane(repeating: 1.128_379_2) * exponential(Lane.zero - bounded * bounded)
    }
}

/// x * sigmoid(x). Keeps x.
struct Swish: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane {
        // Far below 0 the product would be -infinity times 0.
        maximum(x, Lane(repeating: -120)) * logistic(x)
    }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        let s = logistic(x)
        let bounded = minimum(maximum(x, Lane(repeating: -120)), Lane(repeating: 120))
        return gradient * s.addingProduct(s * (Lane(repeating: 1) - s), bounded)
    }
}

/// x * min(max(x / 6 + 1 / 2, 0), 1). Keeps x.
struct HardSwish: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane {
        let gate = Lane(repeating: 0.5).addingProduct(x, Lane(repeating: 1.0 / 6))
        return maximum(x, Lane(repeating: -3)) * minimum(maximum(gate, Lane.zero), Lane(repeating: 1))
    }
    @inline(__always) func slope(_ x: Lane) -> Lane {
        let middle = Lane(repeating: 0.5).addingProduct(x, Lane(repeating: 1.0 / 3))
        let low = middle.replacing(with: Lane.zero, where: x .<= Lane(repeating: -3))
        return low.replacing(with: Lane(repeating: 1), where: Lane(repeating: 3) .<= x)
    }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane { gradient * slope(x) }
}

/// x times the normal distribution's probability below x. Keeps x.
struct GaussianErrorLinearUnit: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane {
        maximum(x, Lane(repeating: -20)) * normalDistribution(x).probability
    }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        gradient * valueAndSlope(x).slope
    }
    @inline(__always) func valueAndSlope(_ x: Lane) -> (value: Lane, slope: Lane) {
        let low = maximum(x, Lane(repeating: -20))
        let (probability, density) = normalDistribution(x)
        return (low * probability, probability.addingProduct(minimum(low, Lane(repeating: 20)), density))
    }
}

/// x * (1 + tanh(u)) / 2 = x * sigmoid(2 u) with u = sqrt(2 / pi) * (x + 0.044715 x^3). Keeps x.
struct GaussianErrorLinearUnitByTanh: LaneFunction {
    // 2 sqrt(2 / pi), and that times 0.044715.
    @inline(__always) private var linear: Lane { Lane(repeating: 1.595_769_1) }
    @inline(__always) private var cubic: Lane { Lane(repeating: 0.071_354_814) }

    @inline(__always) func value(_ x: Lane) -> Lane {
        let bounded = maximum(x, Lane(repeating: -20))
        return bounded * logistic(bounded * linear.addingProduct(bounded * bounded, cubic))
    }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        let bounded = minimum(maximum(x, Lane(repeating: -20)), Lane(repeating: 20))
        let square = bounded * bounded
        let s = logistic(bounded * linear.addingProduct(square, cubic))
        let inner = bounded * linear.addingProduct(square, Lane(repeating: 3) * cubic)
        return gradient * s.addingProduct(s * (Lane(repeating: 1) - s), inner)
    }
}

/// Keeps its value.
struct Exponential: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { exponential(x) }
    @inline(__always) func gradient(_ y: Lane, _ gradient: Lane) -> Lane { product(gradient, y) }
}

/// Keeps x.
struct Logarithm: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { logarithm(x) }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane { product(gradient, Lane(repeating: 1) / x) }
}

/// Keeps its value.
struct SquareRoot: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { squareRoot(x) }
    @inline(__always) func gradient(_ y: Lane, _ gradient: Lane) -> Lane { product(gradient, Lane(repeating: 0.5) / y) }
}

/// 1 / x. Keeps its value.
struct Reciprocal: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { Lane(repeating: 1) / x }
    @inline(__always) func gradient(_ y: Lane, _ gradient: Lane) -> Lane { product(gradient, Lane.zero - y * y) }
}

/// |x|, at 0 with slope 0. Keeps x.
struct AbsoluteValue: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { magnitude(x) }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        let down = gradient.replacing(with: Lane.zero - gradient, where: x .< Lane.zero)
        return down.replacing(with: Lane.zero, where: x .== Lane.zero)
    }
}

/// gamma * x where positive, otherwise scale * (e^(x / width) - 1): elu, selu and celu. Keeps x.
struct ExponentialLinearUnit: LaneFunction {
    let gamma: Lane
    let scale: Lane
    let rate: Lane

    init(gamma: Float, scale: Float, width: Float) {
        self.gamma = Lane(repeating: gamma)
        self.scale = Lane(repeating: scale)
        rate = Lane(repeating: 1 / width)
    }

    @inline(__always) func value(_ x: Lane) -> Lane {
        let low = scale * exponentialMinusOne(minimum(x * rate, Lane.zero))
        return low.replacing(with: gamma * x, where: Lane.zero .< x)
    }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        let low = scale * rate * exponential(minimum(x * rate, Lane.zero))
        return gradient * low.replacing(with: gamma, where: Lane.zero .< x)
    }
}

/// log(1 + e^x). Keeps x.
struct Softplus: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane { softplus(x) }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane { gradient * logistic(x) }
}

/// x / (1 + |x|). Keeps its value.
struct Softsign: LaneFunction {
    @inline(__always) func value(_ x: Lane) -> Lane {
        let bounded = minimum(maximum(x, Lane(repeating: -3e38)), Lane(repeating: 3e38))
        return bounded / (Lane(repeating: 1) + magnitude(bounded))
    }
    @inline(__always) func gradient(_ y: Lane, _ gradient: Lane) -> Lane {
        let rest = Lane(repeating: 1) - magnitude(y)
        return gradient * rest * rest
    }
}

/// x * tanh(softplus(x)). Keeps x.
struct Mish: LaneFunction {
    /// tanh(softplus(x)) = n / (n + 2) with n = e^x (e^x + 2). Beyond 20 it is 1.
    @inline(__always) private func gate(_ x: Lane) -> Lane {
        let e = exponential(minimum(x, Lane(repeating: 20)))
        let n = e * (e + Lane(repeating: 2))
        return n / (n + Lane(repeating: 2))
    }
    @inline(__always) func value(_ x: Lane) -> Lane { maximum(x, Lane(repeating: -120)) * gate(x) }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        let bounded = minimum(maximum(x, Lane(repeating: -120)), Lane(repeating: 40))
        let e = exponential(minimum(x, Lane(repeating: 20)))
        let n = e * (e + Lane(repeating: 2))
        let inverse = Lane(repeating: 1) / (n + Lane(repeating: 2))
        // 1 - gate^2 = 4 (n + 1) / (n + 2)^2, and softplus has the slope e / (1 + e), where (1 + e)^2 = n + 1.
        let bend = Lane(repeating: 4) * e * (Lane(repeating: 1) + e) * inverse
        return gradient * inverse * n.addingProduct(bounded, bend)
    }
}

/// x^exponent. Keeps x.
struct Power: LaneFunction {
    let exponent: Float

    @inline(__always) func value(_ x: Lane) -> Lane { raised(x, to: exponent) }
    @inline(__always) func gradient(_ x: Lane, _ gradient: Lane) -> Lane {
        if exponent == 0 { return Lane.zero }
        return product(gradient, Lane(repeating: exponent) * raised(x, to: exponent - 1))
    }
}
