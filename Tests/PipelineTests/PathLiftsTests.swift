import Testing

@testable import Pipeline

@Suite struct PathLiftsTests {
    /// Seven pivots, a frame on each and between them; everything at `height`, but for what `change` makes of it.
    private func found(
        height: Double = 1, robust: Double = 1, baseline: Double = 0, _ change: (Double) -> Double = { _ in 0 },
        robustly: (Double) -> Double = { _ in 0 }
    ) -> [Double]? {
        let places = (0...16).map { Double($0) / 2 }
        let robustPlaces = (0...8).map(Double.init)
        return PathLifts(
            activations: places.map { height + change($0) }, at: places,
            robust: robustPlaces.map { robust + robustly($0) }, at: robustPlaces, pivots: 7, baseline: baseline
        ).values
    }

    @Test func `a path at its bars needs no lift`() {
        #expect(found() == nil)
        #expect(found { $0 == 3.5 ? -0.005 : 0 } == nil)
    }

    @Test func `the pivots beside a low frame are lifted, by what it lacks and more`() throws {
        let lifts = try #require(found { $0 == 3.5 ? -0.05 : 0 })
        // 4 % below .99, and the push of 3 %.
        for (index, lift) in lifts.enumerated() {
            #expect(abs(lift - (index == 2 || index == 3 ? 0.07 : 0)) < 1e-9, "pivot \(index + 1): \(lift)")
        }
    }

    @Test func `a path that is high already where it is looked at under transforms is lifted beyond that`() throws {
        let lifts = try #require(
            found {
                $0 == 3.5 ? -0.05 : 0
            } robustly: {
                (1...7).contains($0) ? 0.1 : 0
            })
        #expect(abs(lifts[2] - 0.17) < 1e-9 && lifts[0] == 0)
    }

    @Test func `what the images lose under transforms is lifted, too, and counts from the baseline`() throws {
        let lifts = try #require(found(height: -2, robust: -2, baseline: -3, robustly: { $0 == 5 ? -0.2 : 0 }))
        // .8 of the line where .96 is wanted; its neighbours are beside it.
        #expect(abs(lifts[4] - 0.19) < 1e-9 && abs(lifts[3] - 0.19) < 1e-9 && lifts[1] == 0)
    }

    @Test func `a unit that likes its facets no better than grey is left alone`() {
        #expect(found(height: -1, robust: -1, baseline: 0) { $0 == 3.5 ? -0.5 : 0 } == nil)
    }
}
