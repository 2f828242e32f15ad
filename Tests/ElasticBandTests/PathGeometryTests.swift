import Testing

@testable import ElasticBand

@Suite struct PathGeometryTests {
    static let space = EuclideanSpace<Double>()
    static func path(_ seed: UInt64, points: Int = 9, dimensions: Int = 37) -> [[Double]] {
        var numbers = Numbers(state: seed)
        return (0..<points).map { _ in numbers.point(dimensions) }
    }

    /// Where `point` lies along the polyline, or nil if on none of its segments.
    static func arcLength(of point: [Double], along path: [[Double]]) -> Double? {
        var start = 0.0
        for (a, b) in zip(path, path.dropFirst()) {
            let (through, length) = (
                space.distance(a, point) + space.distance(point, b), space.distance(a, b)
            )
            if through - length < 1e-12 * length { return start + space.distance(a, point) }
            start += length
        }
        return nil
    }

    @Test(arguments: 1...8) func `Redistribution spaces pivots evenly along the old polyline`(_ seed: Int)
        throws
    {
        let path = Self.path(UInt64(seed))
        let total = Self.space.segmentLengths(of: path).reduce(0, +)
        for (index, point) in Self.space.redistributed(path).enumerated() {
            let place = try #require(
                Self.arcLength(of: point, along: path), "pivot \(index) left the polyline")
            let expected = total * Double(index) / 8
            #expect(abs(place - expected) <= 1e-6 * total, "pivot \(index) at \(place), not \(expected)")
        }
    }

    @Test(arguments: 1...8) func `Redistribution keeps both ends bit for bit`(_ seed: Int) {
        let path = Self.path(UInt64(seed))
        let spread = Self.space.redistributed(path)
        #expect(spread.first == path.first && spread.last == path.last && spread.count == path.count)
    }

    @Test func `Redistribution leaves an even straight path where it is`() {
        let ends = Self.path(3, points: 2)
        let path = Self.space.interpolated(ends, count: 20)
        let error = largestDifference(Self.space.redistributed(path), path)
        print("even straight path moved by \(error)")
        #expect(error <= 1e-14)
    }

    @Test func `Redistribution survives coincident points and a path of no length`() {
        let point = [1.0, 2]
        let still = Array(repeating: point, count: 5)
        #expect(Self.space.redistributed(still) == still)
        let doubled = [[0.0], [0], [0], [4], [4]]
        #expect(Self.space.redistributed(doubled) == [[0], [1], [2], [3], [4]])
        let blownUp = [[0.0], [.infinity], [1]]
        #expect(Self.space.redistributed(blownUp) == blownUp)
    }

    @Test(arguments: 1...8) func `A projected force is orthogonal to the tangent`(_ seed: Int) throws {
        let path = Self.path(UInt64(seed))
        let objectives = Self.path(UInt64(seed + 50), points: 1, dimensions: 9)[0]
        for index in 1...7 {
            var force = Self.path(UInt64(seed + 90 + index), points: 1)[0]
            let before = norm(force)
            Self.space.project(&force, perpendicularTo: path, at: index, objectives: objectives)
            let (from, to) = try #require(Self.space.tangent(at: index, objectives: objectives))
            let along = minus(path[to], path[from])
            let cosine = dot(force, along) / (before * norm(along))
            #expect(abs(cosine) <= 1e-14, "cosine \(cosine) at pivot \(index)")
        }
    }

    @Test func `The tangent points towards the neighbour with the lower objective`() throws {
        let next = try #require(Self.space.tangent(at: 1, objectives: [2, 0, 1]))
        let previous = try #require(Self.space.tangent(at: 1, objectives: [1, 0, 2]))
        let tied = try #require(Self.space.tangent(at: 1, objectives: [1, 0, 1]))
        #expect(next == (1, 2) && previous == (0, 1) && tied == (0, 1))
        let central = try #require(Self.space.tangent(at: 1, objectives: [1, 0, 2], .central))
        #expect(central == (0, 2) && Self.space.tangent(at: 1, objectives: [1, 0, 2], .none) == nil)
    }

    @Test func `A force is left alone where the tangent has no length`() {
        var force = [3.0, -1]
        Self.space.project(&force, perpendicularTo: [1, 1], [1, 1])
        #expect(force == [3, -1])
    }

    @Test func `Interpolation keeps the pivots, and the thesis has 83 images between two facets`() throws {
        let path = Self.path(5, points: 4)
        let dense = Self.space.interpolated(path, count: 3)
        #expect(dense.count == 13 && stride(from: 0, to: 13, by: 4).map { dense[$0] } == path)
        let settings = try BandSettings(
            pivots: 20, interpolations: 3, steps: 500, refinementSteps: 100, learningRate: 0.002)
        #expect(settings.imagesBetweenFacets == 83)
    }

    @Test(arguments: [1, 7, 8, 9, 16, 1003]) func `Conditioning divides by the standard deviation`(
        _ count: Int
    ) {
        let space = EuclideanSpace<Float>(normalizesGradient: true)
        var numbers = Numbers(state: 4)
        let raw = numbers.point(count).map { Float($0) + 0.25 }
        let mean = raw.reduce(0) { $0 + Double($1) } / Double(count)
        let deviation = (raw.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count))
            .squareRoot()
        var conditioned = raw
        space.condition(&conditioned)
        for (value, source) in zip(conditioned, raw) {
            let expected = Double(source) / (deviation + 1e-8)
            #expect(abs(Double(value) - expected) <= 1e-6 * abs(expected), "\(value), not \(expected)")
        }
    }

    @Test func `A ranged space keeps points in range and finds non-finite numbers anywhere`() {
        let space = EuclideanSpace<Float>(range: -1...1)
        var point: [Float] = [0.9, -0.9, 0]
        space.move(&point, by: [1, -1, 0.5], scale: 1)
        #expect(point == [1, -1, 0.5])
        for index in 0..<19 {
            for bad in [Float.nan, .infinity, -.infinity] {
                var values = [Float](repeating: 0.5, count: 19)
                #expect(space.isFinite(values))
                values[index] = bad
                #expect(!space.isFinite(values), "\(bad) at \(index)")
            }
        }
    }
}
