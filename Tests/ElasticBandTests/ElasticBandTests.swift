import ConvNet
import Foundation
import Testing

@testable import ElasticBand

struct ElasticBandTests {
    /// A smooth hill along a valley: activation falls to a dip in the middle of a straight path.
    static func dip() -> PotentialObjective {
        PotentialObjective(
            value: { x, y in 1 - x * x + (y - 0.5) * (y - 0.5) }, slope: { x, y in (-2 * x, 2 * (y - 0.5)) })
    }

    @Test func `a band stops as soon as every pivot reaches the lower end`() throws {
        // -V = x^2 - 1 - (y - .5)^2: the ends at x = +-1, the lower one at -.25; pivots rise only by y, to x^2 - 1 < -.25.
        var objective = PotentialObjective(value: { _, y in (y - 1) * (y - 1) }, slope: { _, y in (0, 2 * (y - 1)) })
        var band = ElasticBand(
            space: EuclideanSpace<Double>(), path: [[0, 0.5], [1, 0], [2, -0.2], [3, 0], [4, 0.4]], maximumSteps: 500,
            learningRate: 0.02)
        while band.stop == nil { try band.step(&objective) }
        #expect(band.stop == .reachedEnds)
        #expect(band.steps > 0 && band.steps < 500, "\(band.steps)")
        #expect(try #require(band.lowestActivation) >= min(band.activations[0], band.activations[4]))
        #expect(band.evaluations == objective.evaluated)
        #expect(band.evaluations == 5 + 3 * band.steps, "each path once: \(band.evaluations) in \(band.steps) steps")
    }

    @Test func `a band that cannot reach its ends stops at the step limit`() throws {
        var objective = Self.dip()
        var band = ElasticBand(
            space: EuclideanSpace<Double>(), path: [[-1, 0.5], [-0.5, 0.5], [0, 0.5], [0.5, 0.5], [1, 0.5]],
            maximumSteps: 7,
            learningRate: 0.02)
        while band.stop == nil { try band.step(&objective) }
        #expect(band.stop == .stepLimit)
        #expect(band.steps == 7)
        #expect(band.evaluations == objective.evaluated)
    }

    @Test func `counts are the thesis'`() {
        let settings = BandSettings(
            pivots: 20, interpolations: 3, steps: 500, refinementSteps: 100, learningRate: 0.002)
        #expect(settings.imagesBetweenFacets == 83)
        #expect(settings.imageCount(facets: 6) == 421)
    }

    @Test func `the wrapper refines when a mixed image falls below both its neighbours`() throws {
        // High only near the chain's two pivots at x = +-.5 and at the ends: every mixed image lies in a trough.
        var objective = PotentialObjective(
            value: { x, _ in 1 - cos(4 * .pi * x) }, slope: { x, _ in (4 * .pi * sin(4 * .pi * x), 0) })
        let settings = BandSettings(pivots: 3, interpolations: 3, steps: 5, refinementSteps: 4, learningRate: 1e-3)
        var wrapper = BandWrapper(space: EuclideanSpace<Double>(), from: [-1, 0], to: [1, 0], settings: settings)
        while wrapper.result == nil { try wrapper.step(&objective) }
        let result = try #require(wrapper.result)
        #expect(wrapper.isRefining)
        #expect(result.refinementStop == .stepLimit && result.refinementSteps == 4)
        #expect(result.pivots == 15 && result.path.count == 17 && result.activations.count == 17)
        #expect(result.evaluations == objective.evaluated, "\(result.evaluations) of \(objective.evaluated)")
    }

    @Test func `the wrapper leaves a smooth path alone`() throws {
        var objective = Self.dip()
        let settings = BandSettings(pivots: 3, interpolations: 2, steps: 5, refinementSteps: 4, learningRate: 1e-3)
        var wrapper = BandWrapper(space: EuclideanSpace<Double>(), from: [-1, 0.2], to: [1, 0.2], settings: settings)
        while wrapper.result == nil { try wrapper.step(&objective) }
        let result = try #require(wrapper.result)
        #expect(result.refinementStop == nil && result.refinementSteps == 0)
        #expect(result.pivots == 3 && result.path.count == 13)
        #expect(result.path.first == [-1, 0.2] && result.path.last == [1, 0.2])
        #expect(result.evaluations == objective.evaluated)
    }

    @Test func `a gradient that is not a number names its pivot and step`() throws {
        var objective = PotentialObjective(value: { _, _ in 1 }, slope: { x, _ in (x == 0 ? .nan : 0, 0) })
        objective = PotentialObjective(
            value: { x, _ in abs(x) == 1 ? 0 : 1 }, slope: { x, _ in (x == 0 ? .nan : 0, 0) })
        var band = ElasticBand(
            space: EuclideanSpace<Double>(), path: [[-1, 0], [-0.5, 0], [0, 0], [0.5, 0], [1, 0]], maximumSteps: 5,
            learningRate: 1)
        #expect(throws: BandError.notFinite(what: "gradient", pivot: 2, step: 0)) { try band.step(&objective) }
    }

    // MARK: Path

    static let zigzag: [[Double]] = [[0, 0], [1, 0.2], [1.1, 2], [3, 2.5], [3, 2.6], [7, -1]]

    @Test func `redistribution spaces the pivots evenly along the old polyline`() {
        let space = EuclideanSpace<Double>()
        let result = Path.redistribute(Self.zigzag, in: space)
        #expect(result.first == Self.zigzag.first && result.last == Self.zigzag.last)
        var length = 0.0
        for index in 1..<Self.zigzag.count { length += space.distance(Self.zigzag[index - 1], Self.zigzag[index]) }
        for (index, point) in result.enumerated() {
            #expect(abs(Self.position(of: point, on: Self.zigzag) - length * Double(index) / 5) < 1e-12)
        }
    }

    /// Arc length of a point that lies on a polyline.
    private static func position(of point: [Double], on path: [[Double]]) -> Double {
        let space = EuclideanSpace<Double>()
        var length = 0.0
        for index in 1..<path.count {
            let extent = space.distance(path[index - 1], path[index])
            let (before, after) = (space.distance(path[index - 1], point), space.distance(point, path[index]))
            if abs(before + after - extent) < 1e-12 { return length + before }
            length += extent
        }
        return .nan
    }

    @Test func `redistribution leaves an even path and a path of no length alone`() {
        let space = EuclideanSpace<Double>()
        let even: [[Double]] = (0...8).map { [Double($0) / 8, 1 - Double($0) / 4] }
        for (a, b) in zip(Path.redistribute(even, in: space), even) { #expect(space.distance(a, b) < 1e-15) }
        let point = [[Double]](repeating: [1, 2], count: 5)
        #expect(Path.redistribute(point, in: space) == point)
    }

    @Test func `a band does not care where it lies or how it is turned`() throws {
        let (sine, cosine) = (sin(0.7), cos(0.7))
        func turned(_ p: [Double]) -> [Double] { [cosine * p[0] - sine * p[1] + 3, sine * p[0] + cosine * p[1] - 2] }
        @Sendable func back(_ x: Double, _ y: Double) -> (Double, Double) {
            (cosine * (x - 3) + sine * (y + 2), -sine * (x - 3) + cosine * (y + 2))
        }
        let plain = PotentialObjective.quartic
        var straight = plain
        var moved = PotentialObjective(
            value: { x, y in
                let p = back(x, y)
                return plain.value(p.0, p.1)
            },
            slope: { x, y in
                let p = back(x, y)
                let g = plain.slope(p.0, p.1)
                return (cosine * g.0 - sine * g.1, sine * g.0 + cosine * g.1)
            })
        let path: [[Double]] = [[-1, 0], [-0.5, 0.4], [0, 0.5], [0.6, 0.2], [1, 0]]
        let space = EuclideanSpace<Double>()
        var a = ElasticBand(space: space, path: path, maximumSteps: 50, learningRate: 0.01)
        var b = ElasticBand(space: space, path: path.map(turned), maximumSteps: 50, learningRate: 0.01)
        while a.stop == nil { try a.step(&straight) }
        while b.stop == nil { try b.step(&moved) }
        for (p, q) in zip(a.path, b.path) { #expect(space.distance(turned(p), q) < 1e-10) }
    }

    @Test func `normalised gradients have unit deviation and moves respect the range`() {
        let space = EuclideanSpace<Float>(normalizesGradient: true, range: -1...1)
        var gradient: [Float] = (0..<1001).map { sin(Float($0)) * 40 + 3 }
        space.condition(&gradient)
        let mean = gradient.reduce(0, +) / 1001
        let deviation = (gradient.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1001).squareRoot()
        #expect(abs(deviation - 1) < 1e-5)
        var point: [Float] = [0.5, -0.9, 0]
        space.move(&point, by: [10, -10, 1], scale: 0.25)
        #expect(point == [1, -1, 0.25])
    }

    // MARK: Golden

    static let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "shared/golden/regularizers_48.safetensors"
        ).path

    /// ../shared/golden/regularizers_48.safetensors, tensors band/*: NumPy, see the file's metadata.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: golden), "the golden numbers (../shared/golden) are absent")
    )
    func `projected force and redistribution meet the golden numbers`() throws {
        let file = try SafetensorsFile(path: Self.golden)
        func points(_ name: String) throws -> [[Float]] {
            let tensor = try file.tensor(named: name)
            let size = tensor.values.count / tensor.shape[0]
            return (0..<tensor.shape[0]).map { Array(tensor.values[$0 * size..<($0 + 1) * size]) }
        }
        let (pivots, gradients) = (try points("band/pivots"), try points("band/gradient"))
        let (forces, redistributed) = (try points("band/force"), try points("band/redistributed"))
        let objectives = try file.tensor(named: "band/objective").values
        let space = EuclideanSpace<Float>()
        for pivot in 1..<pivots.count - 1 {
            var force = gradients[pivot]
            let (from, to) = objectives[pivot + 1] < objectives[pivot - 1] ? (pivot, pivot + 1) : (pivot - 1, pivot)
            space.subtractComponent(1, from: &force, along: pivots[from], pivots[to])
            let difference = zip(force, forces[pivot]).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 1e-5, "force at \(pivot): \(difference)")
        }
        for (index, (actual, expected)) in zip(Path.redistribute(pivots, in: space), redistributed).enumerated() {
            let difference = zip(actual, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 1e-5, "redistributed \(index): \(difference)")
        }
    }
}
