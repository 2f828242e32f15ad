import ConvNet
import Foundation
import Testing

@testable import FeatureVisualization

/// Facets whose optimisation starts at an image.
@Suite struct FacetStartTests {
    private static let (height, width) = (40, 37)
    /// A picture of 8 bits with black, white and colours.
    private static let picture: Image = {
        var image = Synthetic.waves(height: height, width: width)
        for index in image.pixels.indices {
            let level = min(max((image.pixels[index] + 1) * 160 - 30, 0), 255).rounded()
            image.pixels[index] = level / 127.5 - 1
        }
        return image
    }()

    private func optimizer(
        _ parameterization: Parameterization, steps: Int, start: FacetStart? = FacetStart(picture), seed: UInt64 = 7,
        index: Int = 0, isGrey: Bool = false
    ) -> FacetOptimizer {
        FacetOptimizer(
            FacetSpecification(
                name: "start", parameterization: parameterization, steps: steps, transforms: .lucid, isGrey: isGrey),
            height: Self.height, width: Self.width, seed: seed, index: index, start: start)
    }

    private func facet(_ optimizer: FacetOptimizer) throws -> Facet {
        let source = SmoothSource(height: Self.height, width: Self.width)
        while !optimizer.isFinished { try optimizer.advance(source) }
        return try optimizer.finish(source)
    }

    @Test(arguments: Parameterization.invertible) func `the first image is the picture, black and white included`(
        _ kind: Parameterization
    ) throws {
        #expect(Self.picture.pixels.contains(-1) && Self.picture.pixels.contains(1))
        let image = try facet(optimizer(kind, steps: 0)).image
        // A sigmoid's colours are clipped to 2...98 %.
        let reachable = kind == .pixels ? Self.picture.pixels : Self.picture.pixels.map { min(max($0, -0.96), 0.96) }
        let difference = Synthetic.largestDifference(image.pixels, reachable)
        #expect(kind == .pixels ? difference == 0 : difference < 1e-4, "\(difference)")
    }

    @Test(arguments: Parameterization.invertible) func `a network that sees grey starts at the picture in grey`(
        _ kind: Parameterization
    ) throws {
        var grey = Self.picture
        grey.makeGrey()
        let image = try facet(optimizer(kind, steps: 0, isGrey: true)).image
        #expect(Synthetic.largestDifference(image.pixels, grey.pixels) < 0.0401)
        #expect(stride(from: 0, to: image.pixels.count, by: 3).allSatisfy { image.pixels[$0] == image.pixels[$0 + 2] })
    }

    @Test(arguments: Parameterization.invertible) func `it climbs from there, to the same bytes every time`(
        _ kind: Parameterization
    ) throws {
        let (before, after) = (try facet(optimizer(kind, steps: 0)), try facet(optimizer(kind, steps: 40)))
        #expect(after.activation > before.activation + 0.02, "\(before.activation) -> \(after.activation)")
        #expect(try facet(optimizer(kind, steps: 40)) == after)
        #expect(try facet(optimizer(kind, steps: 40, seed: 8)) != after, "its transforms are others")
        #expect(try facet(optimizer(kind, steps: 40, start: nil)).image != after.image)

        let stopped = optimizer(kind, steps: 40)
        let source = SmoothSource(height: Self.height, width: Self.width)
        for _ in 0..<13 { try stopped.advance(source) }
        let continued = optimizer(kind, steps: 40)
        try continued.resume(stopped.progress)
        #expect(try facet(continued) == after)
    }

    @Test(arguments: Parameterization.invertible) func `members of a set but the first start a little beside the picture`(
        _ kind: Parameterization
    ) throws {
        let start = FacetStart(Self.picture)
        func first(_ place: Int, seed: UInt64 = 7) throws -> Image {
            try facet(optimizer(kind, steps: 0, start: start.ofMember(place), seed: seed, index: 4 + place)).image
        }
        let (free, second) = (try first(0), try first(1))
        #expect(try free == facet(optimizer(kind, steps: 0)).image)
        #expect(try second != first(2) && second != first(1, seed: 8) && second == first(1))
        let difference = Synthetic.norm(zip(free.pixels, second.pixels).map { $0 - $1 })
        let deviation = difference / Double(free.pixels.count).squareRoot()
        print("\(kind): the second differs by \(deviation)")
        #expect(deviation > 1e-4 && deviation < 0.05, "\(deviation)")
        #expect(second.pixels.allSatisfy { abs($0) <= 1 })
    }

    /// Without transforms, diversity is all that can part them.
    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights), arguments: [Parameterization.pixels, .fourier])
    func `the members of a set from one picture become different`(_ kind: Parameterization) throws {
        let network = try Resources.network()
        func likenesses(_ diversity: Double, start: FacetStart?) throws -> [Double] {
            let set = try DiverseFacets(
                names: ["a", "b", "c"], FacetSpecification(name: "", parameterization: kind, steps: 60),
                diversity: diversity, objective: .unit(6), seed: 2, firstIndex: 0, start: start
            ) { try Evaluator(network: network, layer: "block_4_add", height: 64, width: 64) }
            while !set.isFinished {
                for index in 0..<set.count { set.look(index) }
                try set.settle()
                for index in 0..<set.count { try set.climb(index) }
            }
            let results = try set.finish()
            #expect(Set(results.map(\.facet.image.pixels)).count == 3)
            #expect(results.allSatisfy { $0.facet.activation > 0.6 * results[0].facet.activation })
            return results.map(\.likeness)
        }
        let start = FacetStart(Synthetic.waves(height: 64, width: 64))
        let (with, without) = (try likenesses(1, start: start), try likenesses(0, start: start))
        print("\(kind): with", with, "without", without, "from noise", try likenesses(1, start: nil))
        #expect(zip(with, without).allSatisfy { $0 < $1 - 0.05 }, "\(with), alone \(without)")
    }
}
