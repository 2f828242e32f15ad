/// tanh(x) within 3e-7, never beyond -1...1. Twice a sigmoid less one is tanh of half the argument, which is what an
/// image in -1...1 is made of.
///
/// A rational approximation (minimax over |x| <= 8, fitted for this purpose: own error 6e-9, the rest is rounding),
/// since a call to the C library per pixel would cost more than the whole Fourier transform.
@inline(__always) func hyperbolicTangent(_ value: Vector) -> Vector {
    let limit = Vector(repeating: 8)
    let x = value.replacing(with: limit, where: value .> limit).replacing(with: -limit, where: value .< -limit)
    let square = x * x
    var numerator = Vector(repeating: 1.506_178_1e-8)
    numerator = Vector(repeating: 2.177_322_5e-5).addingProduct(numerator, square)
    numerator = Vector(repeating: 0.003_564_154_7).addingProduct(numerator, square)
    numerator = Vector(repeating: 0.134_381_9).addingProduct(numerator, square)
    numerator = Vector(repeating: 0.999_999_94).addingProduct(numerator, square)
    var denominator = Vector(repeating: 8.453_650_4e-7)
    denominator = Vector(repeating: 0.000_339_917_72).addingProduct(denominator, square)
    denominator = Vector(repeating: 0.026_136_01).addingProduct(denominator, square)
    denominator = Vector(repeating: 0.467_715_1).addingProduct(denominator, square)
    denominator = Vector(repeating: 1).addingProduct(denominator, square)
    return x * numerator / denominator
}
