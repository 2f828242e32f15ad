import ConvNet
import Testing

@testable import FeatureVisualization

/// What an elastic band does to images and spectra, against plain loops in double precision.
@Suite struct ImageSpaceTests {
    static let sizes = [(32, 32), (33, 47), (48, 40)]

    static func random(_ count: Int, _ index: Int, scale: Float = 1) -> [Float] {
        var random = CounterRandom(seed: 5, stage: "image space test", step: 0, index: index)
        return (0..<count).map { _ in scale * random.normal() }
    }

    private func largestError(_ found: [Float], _ expected: [Double]) -> Double {
        #expect(found.count == expected.count)
        return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    }

    @Test(arguments: [1, 15, 16, 17, 1000, 4096, 5001])
    func `distances and norms agree with double precision, and numbers not finite are found`(count: Int) {
        let space = ImageSpace(.pixels, height: 32, width: 32, preservesNorms: false)
        let (a, b) = (Self.random(count, 1), Self.random(count, 2))
        let distance = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
        #expect(abs(space.distance(a, b) - distance.squareRoot()) <= 2e-6 * distance.squareRoot())

        var normal = a.map { $0 + 3 }
        let values = normal.map(Double.init)
        let mean = values.reduce(0, +) / Double(count)
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
        #expect(space.condition(&normal))
        let scale = count == 1 ? 0 : 1 / deviation
        if count > 1 { #expect(largestError(normal, values.map { $0 * scale }) <= 1e-4) }

        for bad in [Float.nan, .infinity] {
            var broken = a
            broken[count - 1] = bad
            #expect(!space.isFinite(broken) && space.isFinite(a))
            #expect(!space.condition(&broken))
        }
    }

    @Test(arguments: Parameterization.invertible, [false, true])
    func `a pivot's move is the weighted sum of forces less its part along the tangent`(
        _ parameterization: Parameterization, hasTangent: Bool
    ) {
        let size = (33, 47)
        let space = ImageSpace(parameterization, height: size.0, width: size.1, preservesNorms: true)
        let count = space.count
        let range = parameterization.images(height: size.0, width: size.1).range
        // Far enough that numbers which have a range reach its ends.
        let reach = range.upperBound.isFinite ? range.upperBound : 1
        let points = (0..<3).map { Self.random(count, $0, scale: 0.4 * reach) }
        let forces = (0..<4).map { Self.random(count, 10 + $0, scale: reach) }
        let weights = [0.25, 0.5, 0.25]
        var target = Self.random(count, 20)
        space.move(
            points[1], by: forces, from: 1, weights: weights,
            perpendicularTo: hasTangent ? (points[1], points[2]) : nil, scale: 0.3, into: &target)

        var sum = (0..<count).map { place in
            (0..<3).reduce(0.0) { $0 + weights[$1] * Double(forces[1 + $1][place]) }
        }
        if hasTangent {
            let along = (0..<count).map { Double(points[2][$0]) - Double(points[1][$0]) }
            let share =
                zip(sum, along).reduce(0) { $0 + $1.0 * $1.1 } / along.reduce(0) { $0 + $1 * $1 }
            sum = zip(sum, along).map { $0 - share * $1 }
        }
        let (lowest, highest) = (Double(range.lowerBound), Double(range.upperBound))
        let expected = zip(points[1], sum).map { min(max(Double($0) + 0.3 * $1, lowest), highest) }
        let error = largestError(target, expected)
        print("\(parameterization), tangent \(hasTangent): off by \(error)")
        #expect(error <= 2e-6 * Double(reach))
        for end in [range.lowerBound, range.upperBound] where end.isFinite {
            let isReached = target.contains(end)
            #expect(isReached, "\(end)")
        }
    }

    @Test func `Adam's direction is that of the facets' optimizer`() {
        let space = ImageSpace(.fourier, height: 32, width: 32, preservesNorms: true)
        let count = space.count
        var (mean, square) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        var optimizer = OptimizerState(.adam, count: count)
        var parameters = mean
        for step in 1...4 {
            var gradient = Self.random(count, step, scale: 40)
            let before = parameters
            var conditioned = gradient
            space.condition(&conditioned)
            optimizer.advance(&parameters, conditioned, step: step, learningRate: 1)
            #expect(space.adapt(&gradient, mean: &mean, square: &square, step: step))
            for color in 0..<3 { #expect(gradient[color * count / 6] == 0, "the mean colour stays where it is") }
            let expected = zip(parameters, before).map { Double($0) - Double($1) }
            #expect(largestError(gradient, expected) <= 1e-5)
        }
        let memory = (mean, square)
        for bad in [Float.nan, .infinity] {
            var gradient = Self.random(count, 5)
            gradient[count / 2] = bad
            #expect(!space.adapt(&gradient, mean: &mean, square: &square, step: 5))
            #expect(mean == memory.0 && square == memory.1, "a gradient that is no number leaves no trace")
        }
    }

    @Test func `a force stays whole where the tangent has no length`() {
        let space = ImageSpace(.pixels, height: 32, width: 32, preservesNorms: false)
        let point = Self.random(100, 1, scale: 0.1)
        var target = point
        space.move(
            point, by: [point], from: 0, weights: [1], perpendicularTo: (point, point), scale: 0.5, into: &target)
        #expect(largestError(target, point.map { 1.5 * Double($0) }) <= 1e-6)
    }
}
