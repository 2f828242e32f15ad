/// Square root of values from 0 on, within 2e-7 of the true value (numbers below 1e-38 give 0 or less than 1e-18).
///
/// An integer's halved exponent as first guess of 1 / sqrt(x) (within 3.5 %), three Newton steps: Swift's own
/// `squareRoot()` of a vector goes value by value, which would be most of an Adam step.
@inline(__always) func squareRoot(_ value: Vector) -> Vector {
    let bits = unsafeBitCast(value, to: SIMD16<UInt32>.self)
    var inverse = unsafeBitCast(SIMD16<UInt32>(repeating: 0x5f37_59df) &- (bits &>> 1), to: Vector.self)
    let half = value * 0.5
    for _ in 0..<3 {
        inverse *= Vector(repeating: 1.5).addingProduct(-half * inverse, inverse)
    }
    return value * inverse
}
