import Foundation
import Testing

@testable import Film

/// Axes hold what they are for, with ticks that a reader can tell apart.
struct AxisTests {
    static let data: [[Double]] = [
        [0, 7.1], [-3, -1], [-0.002, 0.001], [5, 5], [-5, -5], [1e9, 3e9], [-1e-7, 2e-7], [], [0, 0], [7.02, 7.08],
        [12345.001, 12345.002], [99999, 100000], [1e308, -1e308], [-1e308], [.leastNonzeroMagnitude], [0.0099, 0.0101],
        [30, 51],
        [.nan, 2, .infinity, 3], [.greatestFiniteMagnitude, 1],
    ]

    @Test(arguments: data) func `ticks are round, rising and few, and hold every value`(values: [Double]) {
        let axis = Axis(holding: values)
        #expect(axis.lower < axis.upper)
        #expect((3...7).contains(axis.ticks.count), "\(axis.ticks)")
        #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0 < $1 })
        #expect(axis.ticks.first == axis.lower && axis.ticks.last == axis.upper)
        let labels = axis.ticks.map(axis.label)
        #expect(Set(labels).count == axis.ticks.count, "\(labels)")
        #expect(labels.allSatisfy { $0.count <= 10 && !$0.contains("e") }, "\(labels)")
        for value in values where value.isFinite {
            #expect((0...1).contains(axis.position(value)), "\(value) at \(axis.position(value))")
        }
    }

    @Test func `zero is shown unless it would flatten the curve`() {
        #expect(Axis(holding: [30, 51]).lower == 0)
        #expect(Axis(holding: [-51, -30]).upper == 0)
        #expect(Axis(holding: [7, 7]).lower == 0, "nothing to flatten")
        let close = Axis(holding: [7.02, 7.08])
        #expect(close.lower > 6.9 && close.upper < 7.2, "\(close)")
    }

    @Test func `values carry a minus sign, no negative zero, and powers of ten`() {
        #expect(Axis(holding: [0, 50]).figures(38.3756) == "38.38")
        #expect(Axis(holding: [-1, 1]).figures(-0.38801) == "−0.388")
        #expect(Axis(holding: [-1, 1]).figures(-1e-9) == "0.000")
        #expect(Axis(holding: [-1, 1]).figures(.nan) == "–")
        #expect(Axis(holding: [0, 5e-7]).figures(5.25e-7) == "5.25×10⁻⁷")
        #expect(Axis(holding: [0, -5e12]).figures(-5.25e12) == "−5.25×10¹²")
    }

    @Test(arguments: [
        (1.0, true, ["0", "1"]), (20, true, ["0", "5", "10", "15", "20"]), (2.8, false, ["0.0", "0.5"]),
    ])
    func `time ticks begin at zero and count whole frames`(upper: Double, isWhole: Bool, labels: [String]) {
        let axis = Axis(upTo: upper, steps: 7, isWhole: isWhole)
        #expect(Array(axis.ticks.map(axis.label).prefix(labels.count)) == labels)
        #expect(axis.ticks.count <= 8 && axis.ticks.allSatisfy { $0 <= upper })
    }

    @Test func `ten thousand ranges have good ticks`() {
        var state: UInt64 = 7
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        for _ in 0..<10_000 {
            let scale = pow(10, random() * 40 - 20)
            let values = [(random() - 0.5) * scale, (random() - 0.5) * scale]
            let axis = Axis(holding: values)
            let what = Comment(rawValue: "\(values): \(axis)")
            #expect((3...7).contains(axis.ticks.count), what)
            #expect(Set(axis.ticks.map(axis.label)).count == axis.ticks.count, what)
            #expect(values.allSatisfy { (0...1).contains(axis.position($0)) }, what)
            // Round: the step is 1, 2, 2.5 or 5 times a power of ten, and ticks are its multiples.
            let step = axis.ticks[1] - axis.ticks[0]
            let leading = step / pow(10, floor(log10(step) + 1e-9))
            #expect([1, 2, 2.5, 5].contains { abs(leading - $0) < 1e-6 }, what)
            #expect(axis.ticks.allSatisfy { abs($0 / step - ($0 / step).rounded()) < 1e-6 }, what)
        }
    }

    @Test(arguments: [1, 2, 7, 29, 30, 420, 100_000]) func `time has rising ticks from zero`(frames: Int) {
        let time = Axis(upTo: Double(frames) / 30, steps: 7)
        #expect(time.ticks.first == 0 && (2...8).contains(time.ticks.count), "\(time)")
        #expect(time.ticks.allSatisfy { $0 <= time.upper * (1 + 1e-9) })
        #expect(Set(time.ticks.map(time.label)).count == time.ticks.count, "\(time.ticks.map(time.label))")
    }
}
