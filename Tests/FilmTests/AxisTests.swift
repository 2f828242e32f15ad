import Foundation
import Testing

@testable import Film

/// An axis holds its data and has few, round, rising ticks that its labels tell apart.
struct AxisTests {
    static func expectGood(_ axis: Axis, holding values: [Double]) {
        let what = Comment(rawValue: "\(values.prefix(4)): \(axis)")
        #expect(axis.lower.isFinite && axis.upper.isFinite && axis.lower < axis.upper, what)
        #expect((2...7).contains(axis.ticks.count), what)
        #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0 < $1 }, what)
        let slack = 1e-9 * (axis.upper - axis.lower)
        #expect(axis.ticks.allSatisfy { $0 >= axis.lower - slack && $0 <= axis.upper + slack }, what)
        #expect(axis.ticks.contains(0), what)
        #expect(Set(axis.ticks.map(axis.label)).count == axis.ticks.count, what)
        for value in values where value.isFinite {
            let position = axis.position(value)
            #expect(position >= 0 && position <= 1, "\(value) at \(position)")
        }
        // Round: the step is 1, 2 or 5 times a power of ten, and ticks are its multiples.
        if axis.ticks.count > 1 {
            let step = axis.ticks[1] - axis.ticks[0]
            let leading = step / pow(10, floor(log10(step) + 1e-9))
            #expect([1, 2, 5].contains { abs(leading - $0) < 1e-6 }, what)
            #expect(axis.ticks.allSatisfy { abs($0 / step - ($0 / step).rounded()) < 1e-6 }, what)
        }
    }

    @Test(arguments: [
        [0.0, 7.1], [-3, -1], [-0.002, 0.001], [5, 5], [-5, -5], [0, 0], [1e9, 3e9], [-1e-7, 2e-7], [], [1e-13],
        [-1e-300],
        [.leastNonzeroMagnitude], [2e-12, 3e-12], [1e30, -1e30], [1e300], [-1e300, 1e300], [.nan],
        [.infinity, -.infinity],
        [.nan, 3, .infinity],
        [9.99, 10.01], [-0.0], [0.45, 2.55, -0.55], [1e15, 1e15 + 1],
    ])
    func `ticks are few, round and rising around any data`(values: [Double]) {
        Self.expectGood(Axis(holding: values), holding: values)
    }

    @Test(arguments: [
        [Double.greatestFiniteMagnitude], [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude],
        [1.2e308, -1.2e308],
        [Double.greatestFiniteMagnitude, -1],
    ])
    func `the largest numbers there are do not trap`(values: [Double]) {
        let axis = Axis(holding: values)
        #expect(axis.lower.isFinite && axis.upper.isFinite && axis.lower < axis.upper, "\(axis)")
        #expect(axis.ticks.count >= 2 && axis.ticks.allSatisfy(\.isFinite), "\(axis)")
        #expect(values.allSatisfy { (0...1).contains(axis.position($0)) }, "\(axis)")
    }

    @Test func `ten thousand ranges have good ticks`() {
        var state: UInt64 = 7
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        for _ in 0..<10_000 {
            let scale = pow(10, random() * 16 - 8)
            let values = [(random() - 0.5) * scale, (random() - 0.5) * scale]
            Self.expectGood(Axis(holding: values), holding: values)
        }
    }

    @Test func `an axis starts at zero where all values are of one sign`() {
        #expect(Axis(holding: [3, 7]).lower == 0)
        #expect(Axis(holding: [-3, -7]).upper == 0)
        #expect(Axis(holding: [0, 7]).position(0) == 0)
    }

    @Test func `labels have the digits that the step needs`() {
        let axis = Axis(holding: [0, 0.9])
        #expect(axis.ticks.map(axis.label) == ["0.0", "0.2", "0.4", "0.6", "0.8"])
        let seven = Axis(holding: [0, 7.1])
        #expect(seven.ticks.map(seven.label) == ["0", "2", "4", "6"])
    }

    @Test(arguments: [1, 2, 7, 29, 30, 420, 100_000]) func `time has rising ticks from zero`(frames: Int) {
        let time = Axis(lower: 0, upper: Double(frames) / 30, steps: 7)
        #expect(time.ticks.first == 0 && (2...10).contains(time.ticks.count), "\(time)")
        #expect(time.ticks.allSatisfy { $0 <= time.upper * (1 + 1e-9) })
        #expect(Set(time.ticks.map(time.label)).count == time.ticks.count, "\(time.ticks.map(time.label))")
    }
}
