import Foundation
import Testing

@testable import Pipeline

/// Outlines on photographs.
@Suite struct ActivationMapTests {
    /// 1 at a place, falling to 0 at a distance of 2 cells.
    private func hill(_ x: Double, _ y: Double, height: Int = 9, width: Int = 9) -> ActivationMap {
        ActivationMap(
            height: height, width: width,
            values: (0..<height * width).map { place in
                let (column, row) = (Double(place % width) + 0.5, Double(place / width) + 0.5)
                let distance = ((column - x) * (column - x) + (row - y) * (row - y)).squareRoot()
                return Float(max(0, 1 - distance / 2))
            })
    }

    @Test func `a hill has its peak and one closed line around it`() throws {
        let map = hill(4.5, 2.5)
        #expect(map.peak.x == 4.5 / 9 && map.peak.y == 2.5 / 9)
        let lines = map.outline(left: 0, top: 0, width: 1, height: 1)
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.count.isMultiple(of: 2) && line.count > 16)
        for place in stride(from: 0, to: line.count, by: 2) {
            let (x, y) = (line[place] * 9 - 4.5, line[place + 1] * 9 - 2.5)
            let distance = (x * x + y * y).squareRoot()
            #expect((0.8...1.25).contains(distance), "\(distance) cells from the peak, about 1 is half of it")
        }
    }

    @Test func `in a part of the image the line is where it was, and ends with the part`() {
        let map = hill(4.5, 4.5)
        let part = map.outline(left: 0.25, top: 0.25, width: 0.5, height: 0.5)
        #expect(part.count == 1)
        let xs = stride(from: 0, to: part.first?.count ?? 0, by: 2).map { part[0][$0] }
        #expect(
            abs((xs.min() ?? 0) - (3.5 / 9 - 0.25) * 2) < 0.06 && abs((xs.max() ?? 0) - (5.5 / 9 - 0.25) * 2) < 0.06)
        // Cut through the middle: the line is closed along the part's edge.
        let half = map.outline(left: 0.5, top: 0, width: 0.5, height: 1)
        #expect(half.count == 1 && half[0].allSatisfy { (0...1).contains($0) } && half[0].contains(0))
        #expect(map.outline(left: 0, top: 0, width: 0.2, height: 0.2).isEmpty)
    }

    @Test func `two hills have two lines, a map of one cell or without activation none`() {
        let (one, other) = (hill(2.5, 2.5), hill(6.5, 6.5))
        let both = ActivationMap(height: 9, width: 9, values: zip(one.values, other.values).map { max($0, $1) })
        #expect(both.outline(left: 0, top: 0, width: 1, height: 1).count == 2)
        for values: [Float] in [[3], [-1, -2, -3, -4], [0, 0, 0, 0]] {
            let side = values.count == 1 ? 1 : 2
            let map = ActivationMap(height: side, width: side, values: values)
            #expect(map.outline(left: 0, top: 0, width: 1, height: 1).isEmpty)
        }
    }

    @Test func `all lines are closed and none is left out, whatever the numbers`() {
        var state: UInt64 = 9
        for side in [4, 7, 12] {
            let heights = (0..<side * side).map { place -> Double in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                let (row, column) = (place / side, place % side)
                let isBorder = row == 0 || column == 0 || row == side - 1 || column == side - 1
                return isBorder ? -1 : Double(Int32(truncatingIfNeeded: state >> 32)) / Double(Int32.max)
            }
            let lines = MarchingSquares(heights: heights, side: side).lines()
            // Each crossing of a grid's edge is one point.
            var crossings = 0
            for row in 0..<side {
                for column in 0..<side {
                    let here = heights[row * side + column] > 0
                    if column + 1 < side, here != (heights[row * side + column + 1] > 0) { crossings += 1 }
                    if row + 1 < side, here != (heights[(row + 1) * side + column] > 0) { crossings += 1 }
                }
            }
            #expect(lines.reduce(0) { $0 + $1.count } == crossings)
            #expect(lines.allSatisfy { $0.count >= 4 })
        }
    }
}
