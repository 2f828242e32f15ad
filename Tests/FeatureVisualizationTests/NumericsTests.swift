import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct NumericsTests {
    /// Applies a function of sixteen values to many, and finds the largest error by a measure.
    private func largestError(
        _ values: [Float], _ function: (Vector) -> Vector, _ error: (Float, Float) -> Double
    ) -> (error: Double, at: Float) {
        var worst = (error: 0.0, at: Float.zero)
        for value in values {
            let found = error(function(Vector(repeating: value))[5], value)
            if !(found <= worst.error) { worst = (found, value) }
        }
        return worst
    }

    private let line = (-40_000...40_000).map { Float($0) * 5e-4 }

    @Test func `the hyperbolic tangent is as exact as promised and never beyond one`() {
        let worst = largestError(line, { hyperbolicTangent($0) }, { abs(Double($0) - tanh(Double($1))) })
        #expect(worst.error <= 3e-7, "error \(worst.error) at \(worst.at)")
        for value in line { #expect(abs(hyperbolicTangent(Vector(repeating: value))[0]) <= 1) }
        #expect(hyperbolicTangent(Vector(repeating: 0))[3] == 0)
        #expect(hyperbolicTangent(Vector(repeating: .nan))[3].isNaN)
        #expect(abs(hyperbolicTangent(Vector(repeating: -.infinity))[3] + 1) < 3e-7)
    }

    @Test func `the exponential is as exact as promised`() {
        let values = line.filter { $0 <= 0 }.map { $0 * 4.3 }
        let worst = largestError(values, { exponential($0) }, { abs(Double($0) / exp(Double($1)) - 1) })
        #expect(worst.error <= 4e-7, "relative error \(worst.error) at \(worst.at)")
        #expect(exponential(Vector(repeating: -1000))[0] < 1e-37)
    }

    @Test func `the square root is as exact as promised`() {
        let values = (-120...120).flatMap { exponent in
            (0..<64).map { Float(1 + Double($0) / 64) * Float(exponent).binaryPower }
        }
        let worst = largestError(values, { squareRoot($0) }, { abs(Double($0) / Double($1).squareRoot() - 1) })
        #expect(worst.error <= 2e-7, "relative error \(worst.error) at \(worst.at)")
        #expect(squareRoot(Vector(repeating: 0))[0] == 0)
        #expect(squareRoot(Vector(repeating: Float.leastNonzeroMagnitude * 700))[0] < 1e-18)
    }

    @Test func `a transposed tile has its rows as columns`() {
        var tile = Tile(repeating: .zero)
        for row in 0..<16 { for column in 0..<16 { tile[row][column] = Float(100 * row + column) } }
        var turned = Tile(repeating: .zero)
        transpose({ tile[$0] }, { turned[$0] = $1 })
        for row in 0..<16 { for column in 0..<16 { #expect(turned[row][column] == Float(100 * column + row)) } }
    }

    @Test(arguments: [16, 17, 31, 32, 113, 224]) func `blocks cover everything and stay inside`(count: Int) {
        let starts = blockStarts(covering: count)
        #expect(Set(starts.flatMap { $0..<$0 + 16 }) == Set(0..<count), "\(starts)")
    }

    @Test func `the standard deviation is the one about the mean`() {
        var values: [Float] = [3, 5, 7, 9, 1, 1, 5, 9, 2, 8, 5]
        let mean = values.reduce(0, +) / 11
        let expected = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11).squareRoot()
        let original = values
        let deviation = Statistics.normalize(&values)
        #expect(abs(Float(deviation) - expected) < 1e-6, "\(deviation)")
        for (value, before) in zip(values, original) { #expect(abs(value - before / expected) < 1e-6) }
        var nothing: [Float] = [0, 0, 0]
        #expect(Statistics.normalize(&nothing) == 0)
        #expect(nothing == [0, 0, 0])
        var broken: [Float] = [1, .nan, 2]
        #expect(Statistics.normalize(&broken).isNaN)
    }
}

extension Float {
    fileprivate var binaryPower: Float { Float(sign: .plus, exponent: Int(self), significand: 1) }
}
