import ConvNet
import Records
import Testing

@testable import Examples

@Suite struct UnitTallyTests {
    /// Numbers that look random, many of them equal.
    private func activations(_ count: Int) -> [Float] { (0..<count).map { Float(($0 * 7919 + 13) % 23) - 5 } }

    private func tally(_ values: [Float]) -> UnitTally {
        var tally = UnitTally(unitCount: 2)
        for (place, value) in values.enumerated() {
            var summaries = UnitSummaries()
            summaries.means = [value, -value]
            summaries.peaks = [value + 1, 2 - value]
            summaries.places = [Int32(place % 12), 0]
            tally.add(summaries)
        }
        return tally
    }

    @Test(arguments: [1, 2, 3, 15, 16, 17, 200])
    func `what is kept are the first of all in order, and of equals the earlier`(count: Int) throws {
        let values = activations(count)
        let units = tally(values).units(0..<2, map: ExampleRecord.Size(height: 3, width: 4))
        for (unit, sign) in zip(units, [Float(1), -1]) {
            let order = values.indices.sorted {
                values[$0] == values[$1] ? $0 < $1 : sign * values[$0] > sign * values[$1]
            }
            let reverse = values.indices.sorted {
                values[$0] == values[$1] ? $0 < $1 : sign * values[$0] < sign * values[$1]
            }
            #expect(unit.strongest.map(\.picture) == Array(order.prefix(16)))
            #expect(unit.weakest.map(\.picture) == Array(reverse.prefix(3)))
            #expect(unit.strongest.map(\.activation) == order.prefix(16).map { sign * values[$0] })
        }
        let best = try #require(units[0].strongest.first)
        #expect(best.peak == best.activation + 1)
        #expect(best.row == best.picture % 12 / 4 && best.column == best.picture % 4)
    }

    @Test func `mean and deviation are those of all pictures`() {
        let values = activations(200)
        let unit = tally(values).units(1..<2, map: ExampleRecord.Size(height: 1, width: 1))[0]
        let mean = values.reduce(0.0) { $0 - Double($1) } / 200
        let variance = values.reduce(0.0) { $0 + (Double(-$1) - mean) * (Double(-$1) - mean) } / 200
        #expect(abs(unit.mean - mean) < 1e-12)
        #expect(abs(unit.standardDeviation - variance.squareRoot()) < 1e-12)
    }
}
