/// Fourier transforms of a few elements, whole in registers.
enum Butterflies<let radix: Int> {
    private typealias Values = InlineArray<radix, ComplexVector>

    /// All butterflies of one block of `count` places: element j of each of its `radix` parts, transformed, twiddled.
    @inline(never) static func run(
        _ data: UnsafeMutablePointer<ComplexVector>, _ count: Int, _ twiddles: UnsafePointer<Float>
    ) {
        let distance = count / radix
        // The last stage has no twiddles but ones.
        if distance == 1 {
            let values = transformed(load(data, 1))
            for q in 0..<radix { data[q] = values[q] }
            return
        }
        for j in 0..<distance {
            let values = transformed(load(data + j, distance))
            let twiddle = twiddles + 2 * j * (radix - 1)
            data[j] = values[0]
            for q in 1..<radix { data[j + q * distance] = values[q].rotated(twiddle[2 * q - 2], twiddle[2 * q - 1]) }
        }
    }

    @inline(__always) private static func load(_ data: UnsafeMutablePointer<ComplexVector>, _ distance: Int) -> Values {
        var values = Values(repeating: .zero)
        for k in 0..<radix { values[k] = data[k * distance] }
        return values
    }

    @inline(__always) private static func transformed(_ x: Values) -> Values {
        switch radix {
        case 2: two(x)
        case 4: four(x)
        case 8: eight(x)
        default: odd(x)
        }
    }

    @inline(__always) private static func two(_ x: Values) -> Values {
        var y = x
        y[0] = x[0] + x[1]
        y[1] = x[0] - x[1]
        return y
    }

    @inline(__always) private static func four(_ x: Values) -> Values {
        var y = x
        (y[0], y[1], y[2], y[3]) = four(x[0], x[1], x[2], x[3])
        return y
    }

    @inline(__always) private static func four(
        _ a: ComplexVector, _ b: ComplexVector, _ c: ComplexVector, _ d: ComplexVector
    ) -> (ComplexVector, ComplexVector, ComplexVector, ComplexVector) {
        let (sum, difference) = (a + c, a - c)
        let (sum2, difference2) = (b + d, (b - d).turned)
        return (sum + sum2, difference + difference2, sum - sum2, difference - difference2)
    }

    @inline(__always) private static func eight(_ x: Values) -> Values {
        let even = four(x[0], x[2], x[4], x[6])
        let odd = four(x[1], x[3], x[5], x[7])
        let half: Float = 0.707_106_77
        let (odd1, odd2, odd3) = (odd.1.rotated(half, half), odd.2.turned, odd.3.rotated(-half, half))
        var y = x
        (y[0], y[4]) = (even.0 + odd.0, even.0 - odd.0)
        (y[1], y[5]) = (even.1 + odd1, even.1 - odd1)
        (y[2], y[6]) = (even.2 + odd2, even.2 - odd2)
        (y[3], y[7]) = (even.3 + odd3, even.3 - odd3)
        return y
    }

    /// Outputs q and radix - q share the sums and differences of the inputs k and radix - k.
    @inline(__always) private static func odd(_ x: Values) -> Values {
        let half = radix / 2
        var (terms, y) = (x, x)
        for k in 1...half {
            terms[k] = x[k] + x[radix - k]
            terms[radix - k] = x[k] - x[radix - k]
            y[0] = y[0] + terms[k]
        }
        for q in 1...half {
            var (even, odd) = (x[0], ComplexVector.zero)
            for k in 1...half {
                let (c, s) = root(q * k % radix)
                even.real.addProduct(terms[k].real, Vector(repeating: c))
                even.imaginary.addProduct(terms[k].imaginary, Vector(repeating: c))
                odd.real.addProduct(terms[radix - k].real, Vector(repeating: s))
                odd.imaginary.addProduct(terms[radix - k].imaginary, Vector(repeating: s))
            }
            y[q] = even + odd.turned
            y[radix - q] = even - odd.turned
        }
        return y
    }

    /// cos and sin of 2 pi index / radix, for the odd radices; constants, so that they end up in the code.
    @inline(__always) private static func root(_ index: Int) -> (Float, Float) {
        let mirrored = index > radix / 2
        let (c, s): (Float, Float) =
            switch (radix, mirrored ? radix - index : index) {
            case (3, _): (-0.5, 0.866_025_4)
            case (5, 1): (0.309_017, 0.951_056_5)
            case (5, _): (-0.809_017, 0.587_785_24)
            case (7, 1): (0.623_489_8, 0.781_831_5)
            case (7, 2): (-0.222_520_93, 0.974_927_9)
            default: (-0.900_968_85, 0.433_883_74)
            }
        return (c, mirrored ? -s : s)
    }
}
