/// Elementary functions of sixteen numbers at once.
///
/// Errors are relative, over all finite arguments whose result is a normal number, as `OperationTests` measures them
/// against double precision. Results that are too large become infinite, too small ones zero or subnormal numbers, and
/// a NaN stays one.

/// c[0] + x * (c[1] + x * (c[2] + ...)).
@inline(__always) func polynomial<let N: Int>(_ x: Lane, _ coefficients: InlineArray<N, Float>) -> Lane {
    var sum = Lane(repeating: coefficients[N - 1])
    for index in 1..<N { sum = Lane(repeating: coefficients[N - 1 - index]).addingProduct(sum, x) }
    return sum
}

@inline(__always) func magnitude(_ x: Lane) -> Lane {
    unsafeBitCast(unsafeBitCast(x, to: MaskWord.self) & MaskWord(repeating: 0x7FFF_FFFF), to: Lane.self)
}

/// `size`, which is not negative, with the sign of `x`.
@inline(__always) func signed(_ size: Lane, as x: Lane) -> Lane {
    let sign = unsafeBitCast(x, to: MaskWord.self) & MaskWord(repeating: 0x8000_0000)
    return unsafeBitCast(unsafeBitCast(size, to: MaskWord.self) | sign, to: Lane.self)
}

/// The smaller and the larger of two; a NaN in `x` stays.
@inline(__always) func minimum(_ x: Lane, _ bound: Lane) -> Lane { x.replacing(with: bound, where: bound .< x) }
@inline(__always) func maximum(_ x: Lane, _ bound: Lane) -> Lane { x.replacing(with: bound, where: x .< bound) }

/// e^x, error 2e-7: 2^n * e^r with |r| <= ln 2 / 2.
@inline(__always) func exponential(_ x: Lane) -> Lane {
    // Beyond these bounds the result is 0 or infinite.
    let bounded = minimum(maximum(x, Lane(repeating: -104)), Lane(repeating: 89))
    // Adding 1.5 * 2^23 rounds to whole numbers, which then stand in the lowest bits.
    let shift = Lane(repeating: 12_582_912)
    let shifted = shift.addingProduct(bounded, Lane(repeating: 1.442_695))
    let n = shifted - shift
    var r = bounded.addingProduct(n, Lane(repeating: -0.693_359_375))
    r = r.addingProduct(n, Lane(repeating: 2.121_944_4e-4))
    let tail = polynomial(r, [0.5, 0.166_665_7, 0.041_666_35, 0.008_364_383, 0.001_394_322_3])
    let mantissa = (Lane(repeating: 1) + r).addingProduct(r * r, tail)
    // In two factors, since 2^n itself may be no normal number.
    let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- SIMD16(repeating: 0x4B40_0000)
    let half = exponent &>> 1
    return mantissa * powerOfTwo(half) * powerOfTwo(exponent &- half)
}

/// 2^n for n of normal numbers.
@inline(__always) private func powerOfTwo(_ n: SIMD16<Int32>) -> Lane {
    unsafeBitCast((n &+ SIMD16(repeating: 127)) &<< SIMD16(repeating: 23), to: Lane.self)
}

/// e^x - 1, error 4e-7.
@inline(__always) func exponentialMinusOne(_ x: Lane) -> Lane {
    // By its series near 0, where the difference would lose digits.
    let series = polynomial(
        x, [0.5, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320])
    let near = x.addingProduct(x * x, series)
    return (exponential(x) - Lane(repeating: 1)).replacing(
        with: near, where: magnitude(x) .< Lane(repeating: 0.4))
}

/// The natural logarithm, error 3e-7; minus infinity at 0, NaN below.
@inline(__always) func logarithm(_ x: Lane) -> Lane {
    // Subnormal numbers are made normal first.
    let isSmall = x .< Lane(repeating: Float.leastNormalMagnitude)
    let scaled = x.replacing(with: x * Lane(repeating: 8_388_608), where: isSmall)
    // x = 2^n * (1 + m), 1 + m between the roots of 1/2 and 2.
    let bits = unsafeBitCast(scaled, to: SIMD16<Int32>.self)
    let offset = bits &- SIMD16(repeating: 0x3F35_04F3)
    let exponent = offset &>> SIMD16(repeating: 23)
    let m =
        unsafeBitCast(bits &- (exponent &<< SIMD16(repeating: 23)), to: Lane.self) - Lane(repeating: 1)
    let shift = Lane.zero.replacing(with: Lane(repeating: -23), where: isSmall)
    let n = wholeNumbers(exponent) + shift
    let tail = polynomial(
        m,
        [
            0.333_333_16, -0.250_008_26, 0.200_023_74, -0.166_239_98, 0.141_788_3, -0.131_322_3, 0.129_001_42,
            -0.078_728_534,
        ])
    let square = m * m
    var result = (n * Lane(repeating: -2.121_944_4e-4)).addingProduct(square * m, tail)
    result = result.addingProduct(square, Lane(repeating: -0.5)) + m
    result = result.addingProduct(n, Lane(repeating: 0.693_359_375))
    result.replace(with: Lane(repeating: -.infinity), where: x .== Lane.zero)
    result.replace(with: x, where: x .== Lane(repeating: .infinity))
    // Below zero, and what is no number.
    let isPositive = x .>= Lane.zero
    return Lane(repeating: .nan).replacing(with: result, where: isPositive)
}

/// Small whole numbers as floats. By the bits: a conversion would work value by value.
@inline(__always) private func wholeNumbers(_ n: SIMD16<Int32>) -> Lane {
    let bits = n &+ SIMD16(repeating: 0x4B40_0000)
    return unsafeBitCast(bits, to: Lane.self) - Lane(repeating: 12_582_912)
}

/// 1 / (1 + e^-x), error 4e-7.
@inline(__always) func logistic(_ x: Lane) -> Lane {
    Lane(repeating: 1) / (Lane(repeating: 1) + exponential(Lane.zero - x))
}

/// The hyperbolic tangent, error 4e-7.
@inline(__always) func hyperbolicTangent(_ x: Lane) -> Lane {
    let square = x * x
    let near = x.addingProduct(
        x * square, polynomial(square, [-0.333_332_84, 0.133_314_91, -0.053_743_497, 0.020_650_579, -0.005_717_036_8]))
    let size = magnitude(x)
    let one = Lane(repeating: 1)
    let far = one - Lane(repeating: 2) / (exponential(size + size) + one)
    return signed(far, as: x).replacing(with: near, where: size .< Lane(repeating: 0.625))
}

/// The error function, error 4e-7.
@inline(__always) func errorFunction(_ x: Lane) -> Lane {
    let square = x * x
    let near =
        x
        * polynomial(
            square,
            [
                1.128_379_1, -0.376_126_27, 0.112_835_854, -0.026_853_811, 0.005_188_327_7, -8.010_192_5e-4,
                7.853_858e-5,
            ])
    let size = magnitude(x)
    let far = Lane(repeating: 1) - upperErrorFunction(size)
    return signed(far, as: x).replacing(with: near, where: size .< Lane(repeating: 0.8))
}

/// `1 - erf z` of numbers that are not negative, error 1e-6 (also far above 0, where it is small):
/// e^(-z^2) * t * P(t) with t = 1 / (1 + z / 2).
@inline(__always) private func upperErrorFunction(_ size: Lane) -> Lane {
    // Beyond, the result is 0; the square of an infinite number would make a NaN.
    let z = minimum(size, Lane(repeating: 10.3))
    let (t, scaled) = scaledErrorFunction(z)
    // What rounding takes from the square counts, multiplied by the square's size.
    let square = z * z
    let rest = (Lane.zero - square).addingProduct(z, z)
    let power = exponential(Lane.zero - square)
    return power.addingProduct(power, Lane.zero - rest) * t * scaled
}

/// t and P(t).
@inline(__always) private func scaledErrorFunction(_ z: Lane) -> (Lane, Lane) {
    let t = Lane(repeating: 1) / Lane(repeating: 1).addingProduct(z, Lane(repeating: 0.5))
    let scaled = polynomial(
        t,
        [
            0.282_066_55, 0.282_813_9, 0.239_028_75, 0.223_640_99, -0.092_533_894, 0.410_025_03, -0.655_991_9,
            0.418_073_39, -0.118_513_39, 0.011_390_598,
        ])
    return (t, scaled)
}

/// The normal distribution: the probability below x, (1 + erf(x / sqrt 2)) / 2, and its slope, the density; errors 1e-6
/// (also far below 0).
@inline(__always) func normalDistribution(_ x: Lane) -> (probability: Lane, density: Lane) {
    let size = minimum(magnitude(x), Lane(repeating: 14.5))
    let half = size * Lane(repeating: 0.5)
    let square = half * size
    let rest = (Lane.zero - square).addingProduct(half, size)
    // As in `upperErrorFunction`, with z = x / sqrt 2.
    let (t, scaled) = scaledErrorFunction(size * Lane(repeating: 0.707_106_78))
    var power = exponential(Lane.zero - square)
    power = power.addingProduct(power, Lane.zero - rest)
    let upper = Lane(repeating: 0.5) * power * t * scaled
    let probability = (Lane(repeating: 1) - upper).replacing(with: upper, where: x .< Lane.zero)
    return (probability, Lane(repeating: 0.398_942_28) * power)
}

/// log(1 + e^x), error 1e-6.
@inline(__always) func softplus(_ x: Lane) -> Lane {
    let e = exponential(Lane.zero - magnitude(x))
    let one = Lane(repeating: 1)
    let sum = one + e
    // What rounding took from 1 + e is given back, to first order.
    let rounded = sum - one
    let tail = logarithm(sum) + (e - rounded) / sum
    return maximum(x, Lane.zero) + tail.replacing(with: e, where: rounded .== Lane.zero)
}

/// The square root, error 1e-7. The standard library's works value by value, since it also has to tell the C library of
/// negative numbers.
@inline(__always) func squareRoot(_ x: Lane) -> Lane {
    // Subnormal numbers are made normal first.
    let isSmall = x .< Lane(repeating: Float.leastNormalMagnitude)
    let scaled = x.replacing(with: x * Lane(repeating: 16_777_216), where: isSmall)
    // The inverse root: a guess by halving the exponent, and Newton's steps.
    let guess = MaskWord(repeating: 0x5F37_59DF) &- unsafeBitCast(scaled, to: MaskWord.self) &>> MaskWord(repeating: 1)
    var inverse = unsafeBitCast(guess, to: Lane.self)
    let half = scaled * Lane(repeating: -0.5)
    for _ in 0..<3 { inverse *= Lane(repeating: 1.5).addingProduct(half * inverse, inverse) }
    let root = scaled * inverse
    // A last step on the root itself.
    let rest = scaled.addingProduct(Lane.zero - root, root)
    var result = root.addingProduct(rest, inverse * Lane(repeating: 0.5))
    result = result.replacing(with: result * Lane(repeating: 1.0 / 4096), where: isSmall)
    result.replace(with: Lane(repeating: .nan), where: x .< Lane.zero)
    // 0 with its sign, infinity.
    return result.replacing(with: x, where: (x .== Lane.zero) .| (x .== Lane(repeating: .infinity)))
}

/// Sum over a lane's channels, by halves: one after the other would wait for each addition.
@inline(__always) func channelSum(_ x: Lane) -> Float {
    let eight = x.lowHalf + x.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
}

/// The largest of a lane's channels.
@inline(__always) func channelMaximum(_ x: Lane) -> Float {
    let eight = x.lowHalf.replacing(with: x.highHalf, where: x.lowHalf .< x.highHalf)
    let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.lowHalf .< eight.highHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.lowHalf .< four.highHalf)
    return two[0] < two[1] ? two[1] : two[0]
}
