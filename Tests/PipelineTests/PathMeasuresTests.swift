import Testing

@testable import Pipeline

@Suite struct PathMeasuresTests {
    @Test func `the frames that are measured are the pivots of the first band and the last`() {
        #expect(PathMeasures.measuredFrames(count: 9, interpolations: 3) == [0, 4, 8])
        #expect(PathMeasures.measuredFrames(count: 85, interpolations: 3).count == 22)
        #expect(PathMeasures.measuredFrames(count: 4, interpolations: 0) == [0, 1, 2, 3])
        #expect(PathMeasures.measuredFrames(count: 4, interpolations: 1) == [0, 2, 3])
        #expect(PathMeasures.measuredFrames(count: 0, interpolations: 1) == [])
    }

    @Test func `the minimum is relative to the lower end`() {
        #expect(PathMeasures.minimumRatio([4, 3, 5]) == 0.75)
        #expect(PathMeasures.minimumRatio([4, 6, 5]) == 1)
        #expect(PathMeasures.minimumRatio([4, -2, 5]) == -0.5)
    }

    @Test(arguments: [[0.0, 1, 2], [-1, 3, 2], [1e-9, 1, 2], [.nan, 1, 2], [1, .infinity, 2], [], [0, 0, 0]])
    func `no ratio is given where an end is near zero, below it or not finite`(values: [Double]) {
        #expect(PathMeasures.minimumRatio(values) == nil)
        let positions = values.indices.map { Double($0) / 2 }
        #expect(PathMeasures.relativeToEnds(values, positions: positions) == nil)
    }

    @Test func `the climb is relative to the higher end`() {
        #expect(PathMeasures.climb([4, 3, 5]) == 1)
        #expect(PathMeasures.climb([4, 7.5, 5]) == 1.5)
        #expect(PathMeasures.climb([-1, 3, 2]) == 1.5)
        for values in [[], [-2.0, 3, -1], [0, 0, 0], [1, .infinity, 2], [1e-9, 1, 1e-9]] {
            #expect(PathMeasures.climb(values) == nil, "\(values)")
        }
    }

    @Test func `values are compared with the line between the ends`() throws {
        let found = try #require(PathMeasures.relativeToEnds([1, 1, 3], positions: [0, 0.5, 1]))
        #expect(found.minimum == 0.5)
        #expect(abs(found.mean - 2.5 / 3) < 1e-15)
        #expect(found.maximum == 1)
    }

    @Test func `flicker is zero on a straight even path, and one on a path back and forth`() throws {
        #expect(PathMeasures.flicker([[0, 0], [1, 2], [2, 4]]) == 0)
        #expect(PathMeasures.flicker([[0], [1], [0], [1]]) == 1)
        // Right angles: |(-1, 1)| / (1 + 1).
        let corner = try #require(PathMeasures.flicker([[0, 0], [1, 0], [1, 1]]))
        #expect(abs(corner - 2.0.squareRoot() / 2) < 1e-12)
        #expect(PathMeasures.flicker([[1], [1], [1]]) == 0)
        #expect(PathMeasures.flicker([[1], [2]]) == nil)
    }

    @Test func `step ratio, step variation and contrast are those of their definitions`() {
        #expect(PathMeasures.stepRatio([1, 2, 4]) == 4)
        #expect(PathMeasures.stepRatio([0, 2]) == nil)
        #expect(PathMeasures.stepRatio([]) == nil)
        #expect(PathMeasures.stepVariation([2, 2, 2]) == 0)
        #expect(PathMeasures.stepVariation([1, 3]) == 0.5)
        #expect(PathMeasures.stepVariation([0, 0]) == nil && PathMeasures.stepVariation([]) == nil)
        #expect(PathMeasures.contrast([1, -1, 1, -1]) == 1)
        #expect(PathMeasures.contrast([0.5, 0.5]) == 0)
        #expect(PathMeasures.contrast([]) == 0)
    }

    @Test func `a path from a picture that excites the unit little counts from its other end's height`() throws {
        let values: [Double] = [-1, 3, 9]
        #expect(PathMeasures.minimumRatio(values, ofPicture: true) == 1)
        #expect(PathMeasures.minimumRatio([-1, -1.9, 9], ofPicture: true) == 0.9)
        // They rise late, which is no fault, but must not fall back; above the end nothing is lost.
        let late = [-1, 0, 9.0]
        #expect(try #require(PathMeasures.relativeToEnds(late, positions: [0, 0.5, 1], ofPicture: true)).minimum == 1)
        for back in [[-1, 6, 3, 12, 9], [9, 12, 3, 6, -1.0]] {
            let found = PathMeasures.relativeToEnds(back, positions: [0, 0.25, 0.5, 0.75, 1], ofPicture: true)
            #expect(abs((found?.minimum ?? 0) - (1 - 3.0 / 9)) < 1e-12, "\(back)")
        }
        // A picture that the unit likes is a facet as any other.
        #expect(PathMeasures.minimumRatio([4, 3, 9], ofPicture: true) == 0.75)
        #expect(PathMeasures.minimumRatio([-4, -3, -1], ofPicture: true) == nil)
    }
}
