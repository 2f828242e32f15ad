import Foundation

/// A complex discrete Fourier transform of sixteen sequences at once, of any length.
///
/// Stockham's self-sorting scheme: radix 4 and 2, and one butterfly for odd factors that uses their symmetry. Each
/// element is a vector of sixteen neighbouring sequences, so nothing is ever shuffled. 224 = 4 * 4 * 2 * 7.
/// - Complexity: O(n * sum of the prime factors of n) for each sequence.
struct FourierTransform: Sendable {
    enum Direction: Float {
        /// e^(-i...)
        case forward = -1
        /// e^(+i...), not divided by the length.
        case inverse = 1
    }

    let length: Int
    private let factors: [Int]
    /// e^(2 pi i k / length)
    private let cosines: [Float]
    private let sines: [Float]

    init(length: Int) {
        precondition(length > 0, "a transform has a length")
        self.length = length
        var factors: [Int] = []
        var rest = length
        for factor in [4, 2, 3, 5, 7] { while rest % factor == 0 { factors.append(factor); rest /= factor } }
        var factor = 11
        while rest > 1 {
            while rest % factor == 0 { factors.append(factor); rest /= factor }
            factor += 2
        }
        self.factors = factors
        cosines = (0..<length).map { Float(cos(2 * Double.pi * Double($0) / Double(length))) }
        sines = (0..<length).map { Float(sin(2 * Double.pi * Double($0) / Double(length))) }
    }

    /// Vectors that `transform` needs as scratch.
    var scratchCount: Int { 2 * length + 4 * (factors.max() ?? 1) }

    /// Transforms `[real 0...n-1][imaginary 0...n-1]` in place.
    func transform(_ data: UnsafeMutablePointer<Vector>, scratch: UnsafeMutablePointer<Vector>, _ direction: Direction) {
        var (from, to) = (data, scratch)
        let odd = scratch + 2 * length
        var (rest, stride) = (length, 1)
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                for factor in factors {
                    let pass = Pass(
                        factor: factor, groups: rest / factor, stride: stride, length: length, cosines: cosines,
                        sines: sines, sign: direction.rawValue)
                    switch factor {
                    case 2: pass.radix2(from, to)
                    case 4: pass.radix4(from, to)
                    default: pass.odd(from, to, odd)
                    }
                    swap(&from, &to)
                    rest /= factor
                    stride *= factor
                }
            }
        }
        if from != data { data.update(from: from, count: 2 * length) }
    }
}

/// One pass of Stockham's scheme: `groups` twiddled butterflies of `stride` neighbours each.
private struct Pass {
    let factor: Int
    let groups: Int
    let stride: Int
    let length: Int
    let cosines: UnsafeBufferPointer<Float>
    let sines: UnsafeBufferPointer<Float>
    let sign: Float

    /// The twiddle factor of output `k` of group `p`.
    @inline(__always) func twiddle(_ p: Int, _ k: Int) -> (Vector, Vector) {
        let index = p * k * stride % length
        return (Vector(repeating: cosines[index]), Vector(repeating: sign * sines[index]))
    }

    @inline(__always) func radix2(_ x: UnsafeMutablePointer<Vector>, _ y: UnsafeMutablePointer<Vector>) {
        let n = length
        for p in 0..<groups {
            let (c, s) = twiddle(p, 1)
            for q in 0..<stride {
                let (a, b) = (q + stride * p, q + stride * (p + groups))
                let out = q + stride * 2 * p
                let (real, imaginary) = (x[a] - x[b], x[n + a] - x[n + b])
                y[out] = x[a] + x[b]
                y[n + out] = x[n + a] + x[n + b]
                y[out + stride] = real * c - imaginary * s
                y[n + out + stride] = real * s + imaginary * c
            }
        }
    }

    @inline(__always) func radix4(_ x: UnsafeMutablePointer<Vector>, _ y: UnsafeMutablePointer<Vector>) {
        let n = length
        let turn = Vector(repeating: sign)
        for p in 0..<groups {
            let (c1, s1) = twiddle(p, 1)
            let (c2, s2) = twiddle(p, 2)
            let (c3, s3) = twiddle(p, 3)
            for q in 0..<stride {
                let a = q + stride * p
                let (b, c, d) = (a + stride * groups, a + 2 * stride * groups, a + 3 * stride * groups)
                let (r0, i0) = (x[a] + x[c], x[n + a] + x[n + c])
                let (r1, i1) = (x[a] - x[c], x[n + a] - x[n + c])
                let (r2, i2) = (x[b] + x[d], x[n + b] + x[n + d])
                // i * sign * (x_b - x_d)
                let (r3, i3) = (turn * (x[n + d] - x[n + b]), turn * (x[b] - x[d]))
                let out = q + stride * 4 * p
                y[out] = r0 + r2
                y[n + out] = i0 + i2
                let (u1, v1, u2, v2, u3, v3) = (r1 + r3, i1 + i3, r0 - r2, i0 - i2, r1 - r3, i1 - i3)
                y[out + stride] = u1 * c1 - v1 * s1
                y[n + out + stride] = u1 * s1 + v1 * c1
                y[out + 2 * stride] = u2 * c2 - v2 * s2
                y[n + out + 2 * stride] = u2 * s2 + v2 * c2
                y[out + 3 * stride] = u3 * c3 - v3 * s3
                y[n + out + 3 * stride] = u3 * s3 + v3 * c3
            }
        }
    }

    /// Any odd factor r: outputs k and r - k share sums and differences of the inputs j and r - j.
    @inline(__always) func odd(
        _ x: UnsafeMutablePointer<Vector>, _ y: UnsafeMutablePointer<Vector>, _ scratch: UnsafeMutablePointer<Vector>
    ) {
        let (n, half) = (length, factor / 2)
        for p in 0..<groups {
            for q in 0..<stride {
                let first = q + stride * p
                let out = q + stride * factor * p
                let (x0, y0) = (x[first], x[n + first])
                var (sumReal, sumImaginary) = (x0, y0)
                for j in 1...half {
                    let (a, b) = (first + stride * groups * j, first + stride * groups * (factor - j))
                    scratch[4 * j] = x[a] + x[b]
                    scratch[4 * j + 1] = x[n + a] + x[n + b]
                    scratch[4 * j + 2] = x[a] - x[b]
                    scratch[4 * j + 3] = x[n + a] - x[n + b]
                    sumReal += scratch[4 * j]
                    sumImaginary += scratch[4 * j + 1]
                }
                y[out] = sumReal
                y[n + out] = sumImaginary
                for k in 1...half {
                    var (evenReal, evenImaginary) = (x0, y0)
                    var (oddReal, oddImaginary) = (Vector.zero, Vector.zero)
                    for j in 1...half {
                        let index = j * k % factor * (length / factor)
                        let (c, s) = (Vector(repeating: cosines[index]), Vector(repeating: sign * sines[index]))
                        evenReal = evenReal.addingProduct(scratch[4 * j], c)
                        evenImaginary = evenImaginary.addingProduct(scratch[4 * j + 1], c)
                        // i * s * difference
                        oddReal = oddReal.addingProduct(-scratch[4 * j + 3], s)
                        oddImaginary = oddImaginary.addingProduct(scratch[4 * j + 2], s)
                    }
                    let (c1, s1) = twiddle(p, k)
                    let (c2, s2) = twiddle(p, factor - k)
                    let (r1, i1, r2, i2) = (evenReal + oddReal, evenImaginary + oddImaginary, evenReal - oddReal, evenImaginary - oddImaginary)
                    y[out + stride * k] = r1 * c1 - i1 * s1
                    y[n + out + stride * k] = r1 * s1 + i1 * c1
                    y[out + stride * (factor - k)] = r2 * c2 - i2 * s2
                    y[n + out + stride * (factor - k)] = r2 * s2 + i2 * c2
                }
            }
        }
    }
}
