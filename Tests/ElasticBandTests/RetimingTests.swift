import Foundation
import Testing

@testable import ElasticBand

@Suite struct RetimingTests {
    /// Steps of a film whose look at place p is `look(p)`.
    private func run(_ retiming: inout Retiming, _ look: (Double) -> Double) {
        while !retiming.isDone {
            retiming.record(zip(retiming.places, retiming.places.dropFirst()).map { abs(look($1) - look($0)) })
        }
    }

    /// Slow, but for a jump within a hundredth of a segment.
    private func jump(_ place: Double) -> Double { 0.02 * place + tanh((place - 2.53) * 200) }

    @Test func `A jump within one segment is evened out`() {
        var retiming = Retiming(pointCount: 6, frameCount: 41)
        let first = zip(retiming.places, retiming.places.dropFirst()).map { abs(jump($1) - jump($0)) }
        run(&retiming, jump)
        print("ratio \(Retiming.ratio(first)) -> \(Retiming.ratio(retiming.steps)) in \(retiming.rounds) rounds")
        #expect(Retiming.ratio(first) > 100)
        #expect(Retiming.ratio(retiming.steps) <= Retiming.evenRatio)
        #expect(retiming.places.first == 0 && retiming.places.last == 5 && retiming.places.count == 41)
        #expect(zip(retiming.places, retiming.places.dropFirst()).allSatisfy(<))
        // The steps are those of the places it ends with.
        let steps = zip(retiming.places, retiming.places.dropFirst()).map { abs(jump($1) - jump($0)) }
        #expect(steps == retiming.steps)
    }

    /// Seen as chords, steps across a bend are shorter than the way: going by the last round alone, frames leap to and fro.
    @Test(arguments: [(0.05, 0.01, 18.7), (0.05, 0.003, 19.6), (1, 0.003, 3), (0.2, 0.1, 19.6)])
    func `A bend around a jump is evened out`(height: Double, width: Double, place: Double) {
        func look(_ p: Double) -> [Double] {
            let near = (p - place) / width
            return [p / 5, height * tanh(near), 0.3 * height * exp(-near * near)]
        }
        var retiming = Retiming(pointCount: 21, frameCount: 81, roundLimit: 12)
        while !retiming.isDone {
            let looks = retiming.places.map(look)
            retiming.record(
                zip(looks, looks.dropFirst()).map { a, b in
                    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                })
        }
        print("ratio \(Retiming.ratio(retiming.steps)) in \(retiming.rounds) rounds")
        #expect(Retiming.ratio(retiming.steps) <= Retiming.evenRatio)
    }

    @Test func `A profile agrees with its last measurement and keeps the proportions of finer ones`() {
        var profile = LengthProfile(places: [0, 1, 2, 3], lengths: [1, 2, 3])
        profile.fit([6, 3], between: [0, 1.5, 3])
        #expect(profile.places == [0, 1, 1.5, 2, 3])
        // 1 and the half of 2, made 6; the other half and 3, made 3.
        #expect(profile.lengths == [3, 3, 0.75, 2.25])
        profile.fit([0, 3], between: [0, 1.5, 3])
        profile.fit([3, 3], between: [0, 1.5, 3])
        // Where nothing was, evenly by place.
        #expect(profile.lengths == [2, 1, 0.75, 2.25])
    }

    @Test func `A retiming goes on where it was, and nowhere else`() throws {
        func steps(_ places: [Double]) -> [Double] { zip(places, places.dropFirst()).map { abs(jump($1) - jump($0)) } }
        var whole = Retiming(pointCount: 6, frameCount: 41)
        for _ in 0..<2 { whole.record(steps(whole.places)) }
        let (start, profile) = (Retiming(pointCount: 6, frameCount: 41), try #require(whole.profile))
        var resumed = start
        try resumed.resume(
            places: whole.places, steps: whole.steps, bestPlaces: whole.bestPlaces, profile: profile, rounds: 2)
        #expect(resumed == whole)
        run(&whole, jump)
        run(&resumed, jump)
        #expect(resumed == whole)

        var other = start
        let foreign = [
            LengthProfile(places: [0, 4], lengths: [1]), LengthProfile(places: [0, 3, 2, 5], lengths: [1, 1, 1]),
            LengthProfile(places: [0, 5], lengths: [.nan]),
        ]
        for profile in foreign {
            #expect(throws: BandError.self) {
                try other.resume(
                    places: whole.places, steps: whole.steps, bestPlaces: whole.bestPlaces, profile: profile, rounds: 2)
            }
        }
        #expect(other == start)
    }

    @Test func `An even path is measured once and left alone`() {
        var retiming = Retiming(pointCount: 6, frameCount: 21)
        let before = retiming.places
        run(&retiming) { 3 * $0 }
        #expect(retiming.rounds == 1 && retiming.places == before)
        #expect(before == (0...20).map { Double($0) / 4 })
    }

    @Test func `One round measures and leaves the places as they are`() {
        var retiming = Retiming(pointCount: 6, frameCount: 21, roundLimit: 1)
        let before = retiming.places
        run(&retiming, jump)
        #expect(retiming.rounds == 1 && retiming.places == before && Retiming.ratio(retiming.steps) > 100)
    }

    @Test(arguments: [1, 2, 4]) func `A point that has to be a frame stays one`(_ kept: Int) {
        var retiming = Retiming(pointCount: 6, frameCount: 41, keeping: kept)
        #expect(retiming.places.contains(Double(kept)))
        run(&retiming, jump)
        print("kept \(kept): ratio \(Retiming.ratio(retiming.steps))")
        #expect(retiming.places.contains(Double(kept)) && retiming.places.count == 41)
        #expect(Retiming.ratio(retiming.steps) < 3)
    }

    @Test func `The best of several rounds is kept where none is even`() {
        // Steps that get worse whatever is done.
        var retiming = Retiming(pointCount: 3, frameCount: 5, roundLimit: 4)
        let before = retiming.places
        for round in 1...4 { retiming.record([1, 1, 1, 1 + Double(round)]) }
        #expect(retiming.isDone && retiming.places == before && retiming.steps == [1, 1, 1, 2])
    }

    @Test func `A film that does not move is left alone`() {
        var retiming = Retiming(pointCount: 3, frameCount: 5)
        run(&retiming) { _ in 1 }
        #expect(retiming.rounds == 1 && retiming.places == [0, 0.5, 1, 1.5, 2])
    }
}
