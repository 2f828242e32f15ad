import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct TransformScheduleTests {
    /// Thesis appendix .1.
    @Test func `the schedules are those of their sources in the thesis' appendix`() {
        let thesis = TransformSchedule.thesis
        #expect(thesis.pad == 9 && thesis.jitter == 6 && thesis.finalJitter == 3)
        #expect(thesis.scales == [0.975, 0.99, 1.01, 1.025, 1, 1, 1, 1])
        #expect(thesis.angles.sorted() == [-3, -2, -1, 0, 0, 0, 0, 0, 0, 1, 2, 3])
        let distill = TransformSchedule.distill
        #expect(distill.pad == 16 && distill.jitter == 16 && distill.finalJitter == 8)
        #expect(distill.scales == [1, 0.975, 1.025, 0.95, 1.05])
        #expect(distill.angles.count == 16 && distill.angles.filter { $0 == 0 }.count == 6 && distill.angles.max() == 5)
        let lucid = TransformSchedule.lucid
        #expect(lucid.pad == 12 && lucid.jitter == 8 && lucid.finalJitter == 4)
        #expect(lucid.scales == [0.9, 0.92, 0.94, 0.96, 0.98, 1, 1.02, 1.04, 1.06, 1.08, 1.1])
        #expect(lucid.angles.count == 26 && lucid.angles.filter { $0 == 0 }.count == 6 && lucid.angles.min() == -10)
    }

    @Test(arguments: [("thesis", TransformSchedule.thesis), ("distill", .distill), ("lucid", .lucid)])
    func `drawn transforms stay within the schedule and reach all of it`(name: String, schedule: TransformSchedule) {
        let draws = (0..<4000).map { step in
            var random = CounterRandom(seed: 5, stage: "test", step: step, index: 0)
            return schedule.draw(&random)
        }
        #expect(Set(draws.map(\.scale)) == Set(schedule.scales))
        #expect(Set(draws.map(\.angle)) == Set(schedule.angles))
        let limit = schedule.jitter + schedule.finalJitter
        for shifts in [draws.map(\.shiftX), draws.map(\.shiftY)] {
            #expect(
                shifts.min() == -limit && shifts.max() == limit,
                "\(name) shifts by \(shifts.min() ?? 0)...\(shifts.max() ?? 0)")
            let mean = Double(shifts.reduce(0, +)) / Double(shifts.count)
            #expect(abs(mean) < 0.8, "\(name) drifts by \(mean) a step")
        }
        #expect(draws.map(\.shiftX) != draws.map(\.shiftY))
    }

    @Test func `narrowing views are of any side from a third of the image on, at the end of nearly all of it`() {
        func parts(at step: Int) -> [Transform.Part] {
            (0..<2000).map { index in
                var random = CounterRandom(seed: 5, stage: "test", step: step, index: index)
                return TransformSchedule.narrowing.draw(&random, step: step, of: 100).part
            }
        }
        for (step, least) in [(0, 0.35), (50, 0.625), (100, 0.9)] {
            let parts = parts(at: step)
            let sides = parts.map(\.side)
            #expect(sides.min()! >= least && sides.min()! < least + 0.01, "step \(step)")
            #expect(sides.max()! <= 1 && sides.max()! > 0.99)
            for places in [parts.map(\.x), parts.map(\.y)] { #expect(places.min()! < 0.01 && places.max()! > 0.99) }
        }
        // What is drawn without views does not depend on the step.
        var (one, other) = (
            CounterRandom(seed: 1, stage: "a", step: 0, index: 0), CounterRandom(seed: 1, stage: "a", step: 0, index: 0)
        )
        #expect(
            TransformSchedule.lucid.draw(&one) == TransformSchedule.lucid.draw(&other, step: 9, of: 10))
    }

    @Test func `nothing to draw means no transform`() {
        var random = CounterRandom(seed: 1, stage: "test", step: 0, index: 0)
        let still = TransformSchedule(pad: 0, jitter: 0, scales: [], angles: [], finalJitter: 0)
        #expect(still.draw(&random) == Transform())
    }
}
