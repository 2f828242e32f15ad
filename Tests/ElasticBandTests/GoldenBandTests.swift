import Testing

@testable import ElasticBand

/// `../shared/golden/regularizers_48.safetensors`, made independently with NumPy in float64 from
/// float32 pivots: `force` is the gradient less its part along the tangent, 0 at both ends;
/// `redistributed` is the even spacing of `pivots` as they are, without a move.
@Suite struct GoldenBandTests {
    @Test func `Forces and redistribution agree with the golden band`() throws {
        guard let file = try GoldenFile(named: "regularizers_48.safetensors") else {
            print("skipped: no ../shared/golden beside this checkout")
            return
        }
        let space = EuclideanSpace<Float>()
        let path = file.rows("band/pivots")
        let objectives = file.rows("band/objective").map { Double($0[0]) }
        var forces = file.rows("band/gradient")
        try #require(path.count == 7 && forces.count == 7 && objectives.count == 7)

        for index in 1...5 {
            space.project(&forces[index], perpendicularTo: path, at: index, objectives: objectives)
        }
        let golden = file.rows("band/force")
        let forceError = (1...5).map { largest(forces[$0], golden[$0]) }.max() ?? .infinity
        let spread = space.redistributed(path)
        let goldenSpread = file.rows("band/redistributed")
        let spreadError = zip(spread, goldenSpread).map(largest).max() ?? .infinity
        print("golden band: force off by \(forceError), redistribution by \(spreadError)")
        #expect(forceError <= 2e-6)
        #expect(spreadError <= 1e-6)
        #expect(spread[0] == path[0] && spread[6] == path[6])
        #expect(golden[0].allSatisfy { $0 == 0 } && golden[6].allSatisfy { $0 == 0 })
    }

    private func largest(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
