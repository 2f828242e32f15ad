import Foundation

/// The norm-preserving mix of two spectra (METHODS "The better band"): a plain mix of two images is grey, since what
/// differs cancels out. Here each band of frequencies keeps its strength, so that the mix is as rich as its ends.
///
/// m = (1 - f) a + f b; per colour and ring of |frequency|, m is scaled so that its norm is (1 - f)|a| + f|b|. The
/// innermost ring, the constant alone, is not: it is the mean colour, one number with a sign, which where a and b differ
/// in it would leap from one to the other between two frames.
struct RingMix: ImageMix {
    /// Rings between edges 0, .5/H and 14 geometric ones from 1.5/H to .71 cycles per pixel, H the longer side.
    static let ringCount = 15

    /// height * (width / 2 + 1): how many numbers one part (real or imaginary) of one colour has.
    private let placeCount: Int
    /// The ring of every place; as Floats, since integer vectors are compared one by one.
    private let rings: [Float]
    /// Each block of sixteen places, once for every ring that it touches. Such a list needs no branches: one that the
    /// processor predicts wrongly costs more than the sixteen sums.
    private let pieces: [Piece]

    private struct Piece {
        /// Where the sixteen places begin.
        let place: Int
        let ring: Int
    }

    init(height: Int, width: Int) {
        let edges = RingMix.edges(size: max(height, width)).dropFirst().dropLast()
        let rings = FourierImage.frequencies(height: height, width: width).map { radius in
            Float(edges.count { $0 <= radius })
        }
        self.rings = rings
        placeCount = rings.count
        pieces = (0..<rings.count / vectorWidth).flatMap { block in
            let places = block * vectorWidth..<(block + 1) * vectorWidth
            return Set(rings[places]).sorted().map { Piece(place: places.lowerBound, ring: Int($0)) }
        }
    }

    /// The rings' edges in cycles per pixel, ascending, the first and the last included.
    static func edges(size: Int) -> [Double] {
        let (lowest, highest) = (1.5 / Double(size), 0.71)
        return [0, 0.5 / Double(size)] + (0..<14).map { lowest * pow(highest / lowest, Double($0) / 13) }
    }

    /// `a`, `b` and `target` laid out `[real, imaginary][colour][place]`.
    func mix(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, at fraction: Float,
        into target: UnsafeMutablePointer<Float>
    ) {
        for color in 0..<3 {
            let start = color * placeCount
            let factors = factors(a + start, b + start, fraction)
            write(a + start, b + start, fraction, factors, to: target + start)
        }
    }

    /// The factor of each ring, for one colour.
    private func factors(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ fraction: Float) -> [Float] {
        var sums = RingSums()
        let imaginary = 3 * placeCount
        rings.withUnsafeBufferPointer { rings in
            guard let rings = rings.baseAddress else { return }
            for (index, piece) in pieces.enumerated() {
                // Few enough additions in single precision for an error of 1e-6.
                if index % 256 == 255 { sums.settle() }
                let place = piece.place
                let (aReal, aImaginary) = (a.vector(at: place), a.vector(at: imaginary &+ place))
                let (bReal, bImaginary) = (b.vector(at: place), b.vector(at: imaginary &+ place))
                let mixedReal = aReal + (bReal - aReal) * fraction
                let mixedImaginary = aImaginary + (bImaginary - aImaginary) * fraction
                sums.add(
                    (aReal * aReal).addingProduct(aImaginary, aImaginary),
                    (mixedReal * mixedReal).addingProduct(mixedImaginary, mixedImaginary),
                    (bReal * bReal).addingProduct(bImaginary, bImaginary),
                    where: rings.vector(at: place) .== Vector(repeating: Float(piece.ring)), ring: piece.ring)
            }
            for place in placeCount / vectorWidth * vectorWidth..<placeCount {
                for part in [place, imaginary + place] {
                    sums.add(a[part], a[part] + (b[part] - a[part]) * fraction, b[part], ring: Int(rings[place]))
                }
            }
        }
        sums.settle()
        return [1] + (1..<RingMix.ringCount).map { sums.factor($0, at: Double(fraction)) }
    }

    private func write(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ fraction: Float, _ factors: [Float],
        to target: UnsafeMutablePointer<Float>
    ) {
        let imaginary = 3 * placeCount
        rings.withUnsafeBufferPointer { rings in
            guard let rings = rings.baseAddress else { return }
            for piece in pieces {
                let place = piece.place
                let isIn = rings.vector(at: place) .== Vector(repeating: Float(piece.ring))
                let factor = factors[piece.ring]
                for part in 0..<2 {
                    let place = place &+ part &* imaginary
                    let from = a.vector(at: place)
                    let mixed = (from + (b.vector(at: place) - from) * fraction) * factor
                    target.setVector(at: place, to: target.vector(at: place).replacing(with: mixed, where: isIn))
                }
            }
            for place in placeCount / vectorWidth * vectorWidth..<placeCount {
                let scale = factors[Int(rings[place])]
                for place in [place, imaginary + place] {
                    target[place] = (a[place] + (b[place] - a[place]) * fraction) * scale
                }
            }
        }
    }
}

/// Sums of a a, m m and b b over each ring. (The sum of m m could be computed from that of a b, but inaccurately if a
/// and b nearly cancel out.)
private struct RingSums {
    /// Sums of whole vectors since the last `settle`.
    private var vectors = InlineArray<48, Vector>(repeating: .zero)
    private var totals = InlineArray<48, Double>(repeating: 0)

    /// Adds the products of those of sixteen places that lie in one ring.
    @inline(__always)
    mutating func add(_ aa: Vector, _ mm: Vector, _ bb: Vector, where isIn: SIMDMask<SIMD16<Int32>>, ring: Int) {
        let zero = Vector.zero
        vectors[3 &* ring] += zero.replacing(with: aa, where: isIn)
        vectors[3 &* ring &+ 1] += zero.replacing(with: mm, where: isIn)
        vectors[3 &* ring &+ 2] += zero.replacing(with: bb, where: isIn)
    }

    mutating func add(_ a: Float, _ m: Float, _ b: Float, ring: Int) {
        totals[3 * ring] += Double(a * a)
        totals[3 * ring + 1] += Double(m * m)
        totals[3 * ring + 2] += Double(b * b)
    }

    /// Adds the sums so far to the totals in double precision.
    mutating func settle() {
        for index in totals.indices {
            totals[index] += SIMD16<Double>(vectors[index]).sum()
            vectors[index] = .zero
        }
    }

    /// ((1 - f)|a| + f|b|) / |m|; 1 if the mix is zero, which no factor can change.
    func factor(_ ring: Int, at f: Double) -> Float {
        let (aa, found, bb) = (totals[3 * ring], totals[3 * ring + 1], totals[3 * ring + 2])
        let wanted = (1 - f) * aa.squareRoot() + f * bb.squareRoot()
        // Opposite spectra cancel out except for rounding errors, which must not be amplified.
        return found > 1e-10 * wanted * wanted ? Float(wanted / found.squareRoot()) : 1
    }
}
