/// Sixteen values at once.
typealias Vector = SIMD16<Float>

/// 1 / (1 + e^-x), within 2e-7 of the true value; a polynomial, since a call to the C library per pixel would cost
/// more than the whole inverse Fourier transform.
@inline(__always) func sigmoid(_ x: Vector) -> Vector {
    // Beyond 87 the exponential would leave the range of Float; the sigmoid is 0 or 1 long before.
    var t = -x
    t.replace(with: Vector(repeating: 87), where: t .> Vector(repeating: 87))
    t.replace(with: Vector(repeating: -87), where: t .< Vector(repeating: -87))
    return Vector(repeating: 1) / (Vector(repeating: 1) + exponential(t))
}

/// e^x for -87...87: 2^n * e^r with |r| <= ln 2 / 2 (Cody and Waite), the Taylor polynomial of degree 7.
@inline(__always) private func exponential(_ x: Vector) -> Vector {
    // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
    let magic = Vector(repeating: 12_582_912)
    let shifted = magic.addingProduct(x, Vector(repeating: 1.442_695_04))
    let n = shifted - magic
    var r = x.addingProduct(n, Vector(repeating: -0.693_359_375))
    r = r.addingProduct(n, Vector(repeating: 2.121_944_4e-4))
    var p = Vector(repeating: 1 / 5040)
    p = Vector(repeating: 1 / 720).addingProduct(p, r)
    p = Vector(repeating: 1 / 120).addingProduct(p, r)
    p = Vector(repeating: 1 / 24).addingProduct(p, r)
    p = Vector(repeating: 1 / 6).addingProduct(p, r)
    p = Vector(repeating: 0.5).addingProduct(p, r)
    p = Vector(repeating: 1).addingProduct(p, r)
    p = Vector(repeating: 1).addingProduct(p, r)
    // 2^n by its exponent bits: the low 9 bits of `shifted` are n, its others vanish in the shift.
    let bits = (unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23) &+ SIMD16<UInt32>(repeating: 127 << 23)
    return p * unsafeBitCast(bits, to: Vector.self)
}
