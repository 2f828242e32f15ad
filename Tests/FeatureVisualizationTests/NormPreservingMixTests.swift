import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct NormPreservingMixTests {
    private static let fractions = [0.1, 0.5, 0.83]

    private func mix(
        _ parameterization: Parameterization, _ size: (Int, Int), _ a: [Float], _ b: [Float], _ fraction: Double,
        preservesNorms: Bool = true
    ) -> [Float] {
        let space = ImageSpace(
            parameterization, height: size.0, width: size.1, preservesNorms: preservesNorms)
        var target = [Float](repeating: .nan, count: a.count)
        space.mix(a, b, at: fraction, into: &target)
        return target
    }

    /// Norms `[colour][ring]` by METHODS' own words: edges 0, .5/H, then 14 geometric ones from 1.5/H to .71.
    private func ringNorms(_ z: [Float], _ size: (Int, Int)) -> [[Double]] {
        let (height, halfWidth) = (size.0, size.1 / 2 + 1)
        let longer = Double(max(size.0, size.1))
        let ratio = pow(0.71 * longer / 1.5, 1 / 13.0)
        let edges = [0, 0.5 / longer] + (0..<14).map { 1.5 / longer * pow(ratio, Double($0)) }
        var sums = [[Double]](repeating: [Double](repeating: 0, count: 15), count: 3)
        for (index, value) in z.enumerated() {
            let (place, color) = (index % (height * halfWidth), index / (height * halfWidth) % 3)
            let (y, x) = (place / halfWidth, place % halfWidth)
            let fy = Double(min(y, height - y)) / Double(height)
            let fx = Double(x) / Double(size.1)
            let radius = hypot(fy, fx)
            let ring = (0..<15).last { edges[$0] <= radius } ?? 0
            sums[color][ring] += Double(value) * Double(value)
        }
        return sums.map { $0.map { $0.squareRoot() } }
    }

    @Test(arguments: [0, 1, 2], fractions)
    func `the rings of a mixed spectrum keep the strength of the ends`(_ sizeIndex: Int, fraction: Double) {
        let size = ImageSpaceTests.sizes[sizeIndex]
        let count = Parameterization.fourier.count(height: size.0, width: size.1)
        let (a, b) = (ImageSpaceTests.random(count, 1), ImageSpaceTests.random(count, 2, scale: 3))
        let mixed = mix(.fourier, size, a, b, fraction)
        let (normsA, normsB, norms) = (ringNorms(a, size), ringNorms(b, size), ringNorms(mixed, size))
        var worst = 0.0
        for color in 0..<3 {
            for ring in 1..<15 where normsA[color][ring] > 0 {
                let expected = (1 - fraction) * normsA[color][ring] + fraction * normsB[color][ring]
                worst = max(worst, abs(norms[color][ring] / expected - 1))
            }
        }
        // A plain mix of independent spectra would lose up to 29 %.
        print("rings of \(size) at \(fraction): off by \(worst)")
        #expect(worst <= 2e-6)
        // Within a ring it is the plain mix but for one factor.
        let plain = mix(.fourier, size, a, b, fraction, preservesNorms: false)
        let halfWidth = size.1 / 2 + 1
        let (factor, imaginary) = (mixed[1] / plain[1], 3 * size.0 * halfWidth)
        #expect(abs(mixed[imaginary + 1] / plain[imaginary + 1] - factor) <= 1e-5 * abs(factor), "both parts")
        // The mean colour is mixed as it is.
        for part in 0..<6 {
            let place = part * size.0 * halfWidth
            #expect(mixed[place] == plain[place], "part \(part) of the constant")
        }
    }

    @Test(arguments: fractions) func `the channels of a mixed image keep their contrast`(fraction: Double) {
        let size = (33, 47)
        let a = ImageSpaceTests.random(3 * 33 * 47, 1, scale: 0.1).enumerated().map { $1 + [0.2, -0.1, 0][$0 % 3] }
        let b = ImageSpaceTests.random(3 * 33 * 47, 2, scale: 0.15)
        let mixed = mix(.pixels, size, a, b, fraction)
        func moments(_ values: [Float], _ channel: Int) -> (mean: Double, deviation: Double) {
            let own = stride(from: channel, to: values.count, by: 3).map { Double(values[$0]) }
            let mean = own.reduce(0, +) / Double(own.count)
            return (mean, (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)).squareRoot())
        }
        for channel in 0..<3 {
            let (p, q, m) = (moments(a, channel), moments(b, channel), moments(mixed, channel))
            #expect(abs(m.deviation - (1 - fraction) * p.deviation - fraction * q.deviation) <= 1e-6)
            #expect(abs(m.mean - (1 - fraction) * p.mean - fraction * q.mean) <= 1e-6)
        }
    }

    @Test(arguments: Parameterization.invertible, [false, true])
    func `the ends of a mix are exact, and a mix of equal ends is the same again`(
        _ parameterization: Parameterization, preservesNorms: Bool
    ) {
        let size = (33, 47)
        let count = parameterization.count(height: size.0, width: size.1)
        let (a, b) = (ImageSpaceTests.random(count, 1, scale: 0.2), ImageSpaceTests.random(count, 2, scale: 0.2))
        func mixed(_ b: [Float], _ fraction: Double) -> [Float] {
            mix(parameterization, size, a, b, fraction, preservesNorms: preservesNorms)
        }
        #expect(mixed(b, 0) == a && mixed(b, 1) == b && mixed(b, -1) == a)
        let error = zip(mixed(a, 0.4), a).map { abs($0 - $1) }.max() ?? 1
        #expect(error <= 1e-6, "\(error)")
    }

    @Test(arguments: Parameterization.invertible)
    func `mixing opposite ends, or nothing, gives no infinity`(_ parameterization: Parameterization) {
        let count = parameterization.count(height: 32, width: 32)
        let a = ImageSpaceTests.random(count, 1, scale: 0.2)
        let zero = [Float](repeating: 0, count: count)
        for (first, second) in [(a, a.map { -$0 }), (zero, zero), (zero, a)] {
            let mixed = mix(parameterization, (32, 32), first, second, 0.5)
            #expect(mixed.allSatisfy { $0.isFinite && abs($0) <= 1 })
        }
    }
}
