/// x^exponent, error 4e-7: by square roots and products where they do, else in double precision, value by value.
///
/// As in C: of a negative x a whole exponent's power, otherwise NaN; x^0 is 1. Only where square roots do, -0 keeps its
/// sign and minus infinity is like any negative x.
@inline(__always) func raised(_ x: Lane, to exponent: Float) -> Lane {
    let one = Lane(repeating: 1)
    switch exponent {
    case 0: return one
    case 0.5: return squareRoot(x)
    case 1: return x
    case 2: return x * x
    case 3: return x * x * x
    case -1: return one / x
    case -0.5: return one / squareRoot(x)
    case -0.75:
        let root = squareRoot(x)
        return one / (root * squareRoot(root))
    case -1.75:
        let root = squareRoot(x)
        return one / (x * root * squareRoot(root))
    default: return raisedOneByOne(x, to: exponent)
    }
}

@inline(never) private func raisedOneByOne(_ x: Lane, to exponent: Float) -> Lane {
    let isWhole = exponent == exponent.rounded(.towardZero)
    let isOdd = isWhole && abs(exponent) < 16_777_216 && Int(exponent) & 1 == 1
    var result = Lane.zero
    for index in 0..<laneWidth {
        let size = abs(x[index])
        var power: Float
        if size.isNaN {
            power = size
        } else if size == 0 || size == .infinity {
            power = (size == 0) == (exponent > 0) ? 0 : .infinity
        } else {
            power = Float(exponential(Double(exponent) * logarithm(Double(size))))
        }
        if x[index].sign == .minus {
            if isOdd { power = 0 - power } else if !isWhole, size != 0, size != .infinity { power = .nan }
        }
        result[index] = power
    }
    return result
}

/// The natural logarithm of a positive number, error 1e-15 of the larger of it and 1: by the series of the inverse
/// hyperbolic tangent.
private func logarithm(_ x: Double) -> Double {
    var (mantissa, exponent) = (x.significand, Double(x.exponent))
    if mantissa > 1.414_213_562_373_095 {
        mantissa /= 2
        exponent += 1
    }
    let t = (mantissa - 1) / (mantissa + 1)
    let square = t * t
    var sum = 0.0
    var divisor = 25.0
    while divisor > 0 {
        sum = sum * square + 1 / divisor
        divisor -= 2
    }
    return 2 * t * sum + exponent * 0.693_147_180_559_945_3
}

/// e^x, error 1e-13: more than a float can hold where |x| > 200.
private func exponential(_ x: Double) -> Double {
    if x > 200 { return .infinity }
    if x < -200 { return 0 }
    let n = (x * 1.442_695_040_888_963_4).rounded(.toNearestOrEven)
    let r = x - n * 0.693_147_180_559_945_3
    var sum = 1.0
    var index = 14.0
    while index > 0 {
        sum = 1 + sum * r / index
        index -= 1
    }
    return sum * Double(sign: .plus, exponent: Int(n), significand: 1)
}
