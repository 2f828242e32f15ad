/// e^x for x in -87...0 and 0 below, within 2e-7 of the true value: 2^n e^r with |r| <= ln 2 / 2 (Cody and Waite) and the
/// Taylor polynomial of degree 7.
@inline(__always) func exponential(_ value: Vector) -> Vector {
    let lowest = Vector(repeating: -87)
    let x = value.replacing(with: lowest, where: value .< lowest)
    // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
    let magic = Vector(repeating: 12_582_912)
    let shifted = magic.addingProduct(x, Vector(repeating: 1.442_695_04))
    let n = shifted - magic
    let r = x.addingProduct(n, Vector(repeating: -0.693_359_375)).addingProduct(n, Vector(repeating: 2.121_944_4e-4))
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
