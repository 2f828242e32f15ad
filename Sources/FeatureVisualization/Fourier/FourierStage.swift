import Foundation

/// One stage of a Fourier transform: splits each block of `count` places into `radix` blocks, each of which holds the
/// input of a smaller transform.
struct FourierStage {
    let radix: Int
    let count: Int
    /// cos and sin of 2 pi j q / count, `[j: count / radix][q: 1..<radix][2]`.
    private let twiddles: UnsafePointer<Float>
    /// cos and sin of 2 pi j / radix, `[j][2]`, for the radices without a butterfly of their own.
    private let roots: UnsafePointer<Float>

    /// The number of its constants.
    static func constantCount(radix: Int, count: Int) -> Int { 2 * (count / radix * (radix - 1) + radix) }

    /// Writes its constants to `memory`, which has to live as long as the stage.
    init(radix: Int, count: Int, memory: UnsafeMutablePointer<Float>) {
        self.radix = radix
        self.count = count
        func root(_ numerator: Int, _ denominator: Int) -> [Float] {
            let angle = 2 * Double.pi * Double(numerator % denominator) / Double(denominator)
            return [Float(cos(angle)), Float(sin(angle))]
        }
        let constants =
            (0..<count / radix).flatMap { j in (1..<radix).flatMap { root(j * $0, count) } }
            + (0..<radix).flatMap { root($0, radix) }
        memory.update(from: constants, count: constants.count)
        twiddles = UnsafePointer(memory)
        roots = twiddles + (constants.count - 2 * radix)
    }

    func run(_ data: UnsafeMutablePointer<ComplexVector>, length: Int) {
        switch radix {
        case 2: Radix2.run(data, length: length, count: count, twiddles)
        case 3: Radix3.run(data, length: length, count: count, twiddles)
        case 4: Radix4.run(data, length: length, count: count, twiddles)
        case 5: Radix5.run(data, length: length, count: count, twiddles)
        case 7: Radix7.run(data, length: length, count: count, twiddles)
        case 8: Radix8.run(data, length: length, count: count, twiddles)
        default: for block in stride(from: 0, to: length, by: count) { anyRadix(data + block, twiddles) }
        }
    }

    /// A butterfly for any odd radix: outputs q and radix - q share the sums and differences of inputs k and radix - k.
    private func anyRadix(_ data: UnsafeMutablePointer<ComplexVector>, _ twiddles: UnsafePointer<Float>) {
        let (distance, half) = (count / radix, radix / 2)
        withUnsafeTemporaryAllocation(of: ComplexVector.self, capacity: radix) { terms in
            for j in 0..<distance {
                // Sums of the inputs k and radix - k, and their differences.
                terms[0] = data[j]
                var total = data[j]
                for k in 1...half {
                    let (a, b) = (data[j + k * distance], data[j + (radix - k) * distance])
                    terms[k] = a + b
                    terms[radix - k] = a - b
                    total = total + terms[k]
                }
                data[j] = total
                for q in 1...half {
                    var (even, odd) = (terms[0], ComplexVector.zero)
                    for k in 1...half {
                        let root = 2 * (q * k % radix)
                        let (c, s) = (Vector(repeating: roots[root]), Vector(repeating: roots[root + 1]))
                        even.real.addProduct(terms[k].real, c)
                        even.imaginary.addProduct(terms[k].imaginary, c)
                        odd.real.addProduct(terms[radix - k].real, s)
                        odd.imaginary.addProduct(terms[radix - k].imaginary, s)
                    }
                    for (output, value) in [(q, even + odd.turned), (radix - q, even - odd.turned)] {
                        let twiddle = twiddles + 2 * (j * (radix - 1) + output - 1)
                        data[j + output * distance] = value.rotated(twiddle[0], twiddle[1])
                    }
                }
            }
        }
    }
}
