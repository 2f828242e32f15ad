/// One complex number of each of sixteen sequences.
struct ComplexVector: BitwiseCopyable {
    var real: Vector
    var imaginary: Vector

    @inline(__always) init(_ real: Vector, _ imaginary: Vector) {
        self.real = real
        self.imaginary = imaginary
    }

    static let zero = ComplexVector(.zero, .zero)

    @inline(__always) static func + (a: ComplexVector, b: ComplexVector) -> ComplexVector {
        ComplexVector(a.real + b.real, a.imaginary + b.imaginary)
    }

    @inline(__always) static func - (a: ComplexVector, b: ComplexVector) -> ComplexVector {
        ComplexVector(a.real - b.real, a.imaginary - b.imaginary)
    }

    /// This plus a real multiple of another.
    @inline(__always) func adding(_ other: ComplexVector, times factor: Float) -> ComplexVector {
        let factor = Vector(repeating: factor)
        return ComplexVector(
            real.addingProduct(other.real, factor), imaginary.addingProduct(other.imaginary, factor))
    }

    /// Times the imaginary unit.
    @inline(__always) var turned: ComplexVector { ComplexVector(-imaginary, real) }

    /// Times e^(i angle), of which cosine and sine are given.
    @inline(__always) func rotated(_ cosine: Float, _ sine: Float) -> ComplexVector {
        let (c, s) = (Vector(repeating: cosine), Vector(repeating: sine))
        return ComplexVector((real * c).addingProduct(-imaginary, s), (imaginary * c).addingProduct(real, s))
    }
}
