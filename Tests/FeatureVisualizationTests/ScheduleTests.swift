import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct ScheduleTests {
    /// Thesis appendix .2: 1.5 - sigmoid((t/T - .5) * 8).
    @Test func `the thesis' blur falls from one and a half to one half`() {
        let sigma = Schedule.sigmoid(from: 1.5, to: 0.5, steepness: 8)
        let expected = [(0, 1.4820137900379085), (256, 1), (512, 0.5179862099620915)]
        for (step, value) in expected {
            #expect(
                abs(sigma.value(step: step, of: 512) - value) < 1e-12,
                "step \(step): \(sigma.value(step: step, of: 512))")
        }
    }

    @Test func `schedules go from their first value to their last`() {
        let schedules: [(Schedule, [Double])] = [
            (.constant(3), [3, 3, 3, 3, 3]),
            (.linear(from: 2, to: 4), [2, 2.5, 3, 3.5, 4]),
            (.cosine(from: 2, to: 4), [2, 3 - 0.5.squareRoot(), 3, 3 + 0.5.squareRoot(), 4]),
            (
                .piecewise([.init(at: 0.25, value: 1), .init(at: 0.5, value: 5), .init(at: 0.75, value: 2)]),
                [1, 1, 5, 2, 2]
            ),
            (.piecewise([.init(at: 0.5, value: 7)]), [7, 7, 7, 7, 7]),
        ]
        for (schedule, values) in schedules {
            for (quarter, value) in values.enumerated() {
                let found = schedule.value(step: quarter * 10, of: 40)
                #expect(abs(found - value) < 1e-12, "\(schedule) at \(quarter)/4: \(found)")
            }
        }
        #expect(Schedule.piecewise([.init(at: 0, value: 0), .init(at: 1, value: 8)]).value(step: 3, of: 8) == 3)
        #expect(Schedule.linear(from: 1, to: 2).value(step: 0, of: 0) == 1)
    }

    @Test func `a piecewise schedule may jump`() {
        let jump = Schedule.piecewise([
            .init(at: 0, value: 1), .init(at: 0.5, value: 1), .init(at: 0.5, value: 3), .init(at: 1, value: 3),
        ])
        #expect(jump.value(step: 4, of: 10) == 1)
        #expect(jump.value(step: 6, of: 10) == 3)
    }

    @Test func `schedules are the same after encoding and decoding`() throws {
        let schedules: [Schedule] = [
            .constant(3e-5), .linear(from: 1, to: 2), .cosine(from: 0, to: 1),
            .sigmoid(from: 1.5, to: 0.5, steepness: 8),
            .piecewise([.init(at: 0, value: 1), .init(at: 1, value: 2)]),
        ]
        #expect(try JSONDecoder().decode([Schedule].self, from: JSONEncoder().encode(schedules)) == schedules)
    }
}
