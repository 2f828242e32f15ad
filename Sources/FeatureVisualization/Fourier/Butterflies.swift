/// A Fourier transform of a few elements, whole in registers.
///
/// Each radix is spelt out. With loops over an array, the cosines are looked up at run time and the array stays in
/// memory, which takes twice the time.
protocol Butterfly {
    static var radix: Int { get }
    /// Transforms the elements in place: output q goes to place q, multiplied by its twiddle factor.
    static func transform(_ x: ButterflyElements)
}

/// The elements of one butterfly, which lie `distance` apart, and the twiddle factors of its outputs.
struct ButterflyElements {
    let data: UnsafeMutablePointer<ComplexVector>
    let distance: Int
    /// cos and sin for outputs 1..<radix.
    let twiddles: UnsafePointer<Float>
    /// In the last stage all twiddle factors are 1.
    let isLast: Bool

    @inline(__always) subscript(_ index: Int) -> ComplexVector { data[index &* distance] }

    @inline(__always) func set(_ output: Int, _ value: ComplexVector) {
        data[output &* distance] =
            isLast || output == 0 ? value : value.rotated(twiddles[2 &* output &- 2], twiddles[2 &* output &- 1])
    }
}

extension Butterfly {
    /// All butterflies of a stage. In every block of `count` places there is one for each element j of its `radix`
    /// parts.
    @inline(never) static func run(
        _ data: UnsafeMutablePointer<ComplexVector>, length: Int, count: Int, _ twiddles: UnsafePointer<Float>
    ) {
        let distance = count / radix
        for block in stride(from: 0, to: length, by: count) {
            if distance == 1 {
                transform(ButterflyElements(data: data + block, distance: 1, twiddles: twiddles, isLast: true))
                continue
            }
            for j in 0..<distance {
                transform(
                    ButterflyElements(
                        data: data + block + j, distance: distance, twiddles: twiddles + 2 &* j &* (radix &- 1),
                        isLast: false))
            }
        }
    }
}

enum Radix2: Butterfly {
    static var radix: Int { 2 }

    @inline(__always) static func transform(_ x: ButterflyElements) {
        let (a, b) = (x[0], x[1])
        x.set(0, a + b)
        x.set(1, a - b)
    }
}

enum Radix3: Butterfly {
    static var radix: Int { 3 }

    @inline(__always) static func transform(_ x: ButterflyElements) {
        let (a, sum, difference) = (x[0], x[1] + x[2], x[1] - x[2])
        let even = a.adding(sum, times: -0.5)
        let odd = ComplexVector.zero.adding(difference, times: 0.866_025_4).turned
        x.set(0, a + sum)
        x.set(1, even + odd)
        x.set(2, even - odd)
    }
}

enum Radix4: Butterfly {
    static var radix: Int { 4 }

    @inline(__always) static func transform(_ x: ButterflyElements) {
        let y = four(x[0], x[1], x[2], x[3])
        x.set(0, y.0)
        x.set(1, y.1)
        x.set(2, y.2)
        x.set(3, y.3)
    }

    @inline(__always) static func four(
        _ a: ComplexVector, _ b: ComplexVector, _ c: ComplexVector, _ d: ComplexVector
    ) -> (ComplexVector, ComplexVector, ComplexVector, ComplexVector) {
        let (sum, difference) = (a + c, a - c)
        let (sum2, difference2) = (b + d, (b - d).turned)
        return (sum + sum2, difference + difference2, sum - sum2, difference - difference2)
    }
}

enum Radix5: Butterfly {
    static var radix: Int { 5 }

    @inline(__always) static func transform(_ x: ButterflyElements) {
        let a = x[0]
        let (sum1, difference1) = (x[1] + x[4], x[1] - x[4])
        let (sum2, difference2) = (x[2] + x[3], x[2] - x[3])
        // cos and sin of 2 pi / 5 and 4 pi / 5
        let (c1, c2, s1, s2): (Float, Float, Float, Float) = (0.309_017, -0.809_017, 0.951_056_5, 0.587_785_24)
        let even1 = a.adding(sum1, times: c1).adding(sum2, times: c2)
        let even2 = a.adding(sum1, times: c2).adding(sum2, times: c1)
        let odd1 = ComplexVector.zero.adding(difference1, times: s1).adding(difference2, times: s2).turned
        let odd2 = ComplexVector.zero.adding(difference1, times: s2).adding(difference2, times: -s1).turned
        x.set(0, a + sum1 + sum2)
        x.set(1, even1 + odd1)
        x.set(2, even2 + odd2)
        x.set(3, even2 - odd2)
        x.set(4, even1 - odd1)
    }
}

enum Radix7: Butterfly {
    static var radix: Int { 7 }
    // cos and sin of 2 pi / 7, 4 pi / 7 and 6 pi / 7
    private static var c: (Float, Float, Float) { (0.623_489_8, -0.222_520_93, -0.900_968_85) }
    private static var s: (Float, Float, Float) { (0.781_831_5, 0.974_927_9, 0.433_883_74) }

    @inline(__always) static func transform(_ x: ButterflyElements) {
        let a = x[0]
        let sums = (x[1] + x[6], x[2] + x[5], x[3] + x[4])
        let differences = (x[1] - x[6], x[2] - x[5], x[3] - x[4])
        x.set(0, a + sums.0 + sums.1 + sums.2)
        let (even1, odd1) = (even(a, sums, c.0, c.1, c.2), odd(differences, s.0, s.1, s.2))
        x.set(1, even1 + odd1)
        x.set(6, even1 - odd1)
        let (even2, odd2) = (even(a, sums, c.1, c.2, c.0), odd(differences, s.1, -s.2, -s.0))
        x.set(2, even2 + odd2)
        x.set(5, even2 - odd2)
        let (even3, odd3) = (even(a, sums, c.2, c.0, c.1), odd(differences, s.2, -s.0, s.1))
        x.set(3, even3 + odd3)
        x.set(4, even3 - odd3)
    }

    @inline(__always) private static func even(
        _ a: ComplexVector, _ x: (ComplexVector, ComplexVector, ComplexVector), _ c1: Float, _ c2: Float, _ c3: Float
    ) -> ComplexVector {
        a.adding(x.0, times: c1).adding(x.1, times: c2).adding(x.2, times: c3)
    }

    @inline(__always) private static func odd(
        _ x: (ComplexVector, ComplexVector, ComplexVector), _ s1: Float, _ s2: Float, _ s3: Float
    ) -> ComplexVector {
        ComplexVector.zero.adding(x.0, times: s1).adding(x.1, times: s2).adding(x.2, times: s3).turned
    }
}

enum Radix8: Butterfly {
    static var radix: Int { 8 }

    @inline(__always) static func transform(_ x: ButterflyElements) {
        let even = Radix4.four(x[0], x[2], x[4], x[6])
        let odd = Radix4.four(x[1], x[3], x[5], x[7])
        let half: Float = 0.707_106_77
        let (odd1, odd2, odd3) = (odd.1.rotated(half, half), odd.2.turned, odd.3.rotated(-half, half))
        x.set(0, even.0 + odd.0)
        x.set(4, even.0 - odd.0)
        x.set(1, even.1 + odd1)
        x.set(5, even.1 - odd1)
        x.set(2, even.2 + odd2)
        x.set(6, even.2 - odd2)
        x.set(3, even.3 + odd3)
        x.set(7, even.3 - odd3)
    }
}
