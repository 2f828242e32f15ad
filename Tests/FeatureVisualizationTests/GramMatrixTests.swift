import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct GramMatrixTests {
    /// Extents with and without units beyond whole vectors, with few pixels and many.
    static let shapes = [[1, 1, 8], [3, 5, 24], [7, 7, 32], [9, 4, 40]]

    private func activations(_ shape: [Int], seed: UInt64) -> Tensor {
        var random = CounterRandom(seed: seed, stage: "test activations", step: 0, index: 0)
        var tensor = Tensor(zerosOf: shape)
        for index in tensor.values.indices { tensor.values[index] = random.normal() + 0.3 }
        return tensor
    }

    /// G by its definition in double precision, the units left out excepted.
    private func gram(_ values: [Double], units: Int, leavingOut: [Int]) -> [Double] {
        var result = [Double](repeating: 0, count: units * units)
        for a in 0..<units where !leavingOut.contains(a) {
            for b in 0..<units where !leavingOut.contains(b) {
                for pixel in 0..<values.count / units {
                    result[a * units + b] += values[pixel * units + a] * values[pixel * units + b]
                }
            }
        }
        return result
    }

    private func cosine(_ a: [Double], _ b: [Double]) -> Double {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }

    @Test(arguments: shapes) func `the cosines of Gram matrices are those of the definition`(shape: [Int]) {
        let (a, b) = (activations(shape, seed: 1), activations(shape, seed: 2))
        let expected = cosine(
            gram(a.values.map(Double.init), units: shape[2], leavingOut: [2, 5]),
            gram(b.values.map(Double.init), units: shape[2], leavingOut: [2, 5]))
        let (one, other) = (
            GramMatrix(UnitRows(a, leavingOut: [2, 5])), GramMatrix(UnitRows(b, leavingOut: [2, 5]))
        )
        #expect(abs(one.cosine(other) - expected) <= 1e-6, "\(one.cosine(other)), definition \(expected)")
        #expect(abs(one.cosine(one) - 1) <= 1e-6)
    }

    private func centred(_ values: [Double], units: Int) -> [Double] {
        let pixels = values.count / units
        let means = (0..<units).map { unit in
            (0..<pixels).reduce(0) { $0 + values[$1 * units + unit] } / Double(pixels)
        }
        return values.indices.map { values[$0] - means[$0 % units] }
    }

    /// Images of one strong constant: uncentred they cannot be told apart.
    @Test func `centred matrices and their gradient are those of the definition`() {
        let (shape, units) = ([5, 6, 20], 20)
        let images = (1...2).map { seed in
            var image = activations(shape, seed: UInt64(seed))
            for index in image.values.indices { image.values[index] += Float(20 + index % units) }
            return image
        }
        let plain = images.map { GramMatrix(UnitRows($0, leavingOut: [3])) }
        #expect(plain[0].cosine(plain[1]) > 0.99)
        let rows = images.map { UnitRows($0, leavingOut: [3], isCentred: true) }
        let grams = rows.map { GramMatrix($0) }
        func value(_ values: [Double]) -> Double {
            cosine(
                gram(centred(values, units: units), units: units, leavingOut: [3]),
                gram(centred(images[1].values.map(Double.init), units: units), units: units, leavingOut: [3]))
        }
        let own = images[0].values.map(Double.init)
        #expect(abs(grams[0].cosine(grams[1]) - value(own)) < 1e-4 && value(own) < 0.9)
        var cotangent = Tensor(zerosOf: shape)
        _ = grams[0].addGradient(of: [grams[1]], at: rows[0], scale: 1, to: &cotangent)
        for place in [0, 7, 23, 41, 63, 99] {
            var (above, below) = (own, own)
            above[place] += 1e-3
            below[place] -= 1e-3
            let slope = (value(above) - value(below)) / 2e-3
            #expect(abs(Double(cotangent.values[place]) - slope) < 1e-5, "at \(place): \(slope)")
        }
    }

    @Test(arguments: shapes) func `the gradient is the slope of the cosines`(shape: [Int]) {
        let units = shape[2]
        let images = (1...3).map { activations(shape, seed: UInt64($0)) }
        let rows = images.map { UnitRows($0, leavingOut: [3]) }
        let grams = rows.map { GramMatrix($0) }
        var cotangent = Tensor(zerosOf: shape)
        let value = grams[0].addGradient(of: [grams[1], grams[2]], at: rows[0], scale: -2, to: &cotangent)

        let others = images[1...].map { gram($0.values.map(Double.init), units: units, leavingOut: [3]) }
        func sum(_ values: [Double]) -> Double {
            let own = gram(values, units: units, leavingOut: [3])
            return others.reduce(0) { $0 + cosine(own, $1) }
        }
        let doubles = images[0].values.map(Double.init)
        #expect(abs(value - sum(doubles)) <= 1e-6)
        let largest = cotangent.values.map { abs(Double($0)) }.max() ?? 0
        for index in stride(from: 0, to: doubles.count, by: max(1, doubles.count / 40)) {
            var (above, below) = (doubles, doubles)
            above[index] += 1e-4
            below[index] -= 1e-4
            let slope = -2 * (sum(above) - sum(below)) / 2e-4
            let found = Double(cotangent.values[index])
            #expect(abs(found - slope) <= 2e-6 + 1e-5 * largest, "value \(index): \(found), slope \(slope)")
        }
        for index in stride(from: 3, to: doubles.count, by: units) { #expect(cotangent.values[index] == 0) }
    }

    @Test func `where nothing is active the cosine and its gradient are zero`() {
        let empty = UnitRows(Tensor(zerosOf: [4, 4, 16]), leavingOut: [])
        let other = GramMatrix(UnitRows(activations([4, 4, 16], seed: 3), leavingOut: []))
        var cotangent = Tensor(zerosOf: [4, 4, 16])
        #expect(GramMatrix(empty).addGradient(of: [other], at: empty, scale: 1, to: &cotangent) == 0)
        #expect(cotangent.values.allSatisfy { $0 == 0 })
    }
}
