/// Moves the frames of a film along a path until all steps from frame to frame have the same length (METHODS
/// "Retiming"). The path itself does not change. The caller measures the steps, in whatever way it likes.
///
///     var retiming = Retiming(pointCount: path.count, frameCount: 81)
///     while true {
///         let steps = measure(retiming.places.map { space.point(at: $0, of: path) })
///         retiming.record(steps)
///         if retiming.isDone { break }
///     }
///
/// Places are real numbers, so a segment that holds a jump gets more and more frames, round by round. The findings of
/// all rounds are kept, so that frames near a jump do not leap back and forth across it.
public struct Retiming: Sendable, Equatable {
    /// The place of each frame along the path (2.25 lies between points 2 and 3): the places to measure next, and at
    /// the end those with the most even steps.
    public private(set) var places: [Double]
    /// Steps between the frames at the best places so far; empty before the first round.
    public private(set) var steps: [Double] = []
    public private(set) var rounds = 0
    public private(set) var isDone = false

    /// A point of the path that has to be a frame.
    private let kept: Int?
    /// Where the frames of `steps` lie; empty before the first round.
    public private(set) var bestPlaces: [Double] = []
    /// The lengths that all rounds together have found; nil before the first round.
    public private(set) var profile: LengthProfile?
    private let roundLimit: Int

    /// The largest ratio of the longest step to the shortest that nobody notices (METHODS: retimed once, 1.0 to 1.9).
    public static let evenRatio = 1.15

    /// - Parameters:
    ///   - kept: a point of the path that has to be a frame.
    ///   - roundLimit: the greatest number of measurements; 1 leaves the places as they are.
    public init(pointCount: Int, frameCount: Int, keeping kept: Int? = nil, roundLimit: Int = 8) {
        precondition(pointCount > 1 && frameCount > 1, "a path has two ends")
        self.kept = kept.flatMap { $0 > 0 && $0 < pointCount - 1 && frameCount > 2 ? $0 : nil }
        self.roundLimit = roundLimit
        let scale = Double(pointCount - 1) / Double(frameCount - 1)
        places = (0..<frameCount).map { $0 == frameCount - 1 ? Double(pointCount - 1) : Double($0) * scale }
        if let kept = self.kept {
            let lengths = zip(places, places.dropFirst()).map { $1 - $0 }
            let profile = LengthProfile(places: places, lengths: lengths)
            places = Self.spread(profile, count: lengths.count, keeping: kept) ?? places
        }
    }

    /// Continues an unfinished retiming of the same frames from its state after some rounds.
    /// - Throws: `BandError.inconsistentState` if that state is impossible; then nothing has changed.
    public mutating func resume(
        places: [Double], steps: [Double], bestPlaces: [Double], profile: LengthProfile, rounds: Int
    ) throws {
        let ends = [self.places[0], self.places[self.places.count - 1]]
        let isOfThePath = [places, bestPlaces, profile.places].allSatisfy { places in
            [places.first, places.last] == ends && zip(places, places.dropFirst()).allSatisfy(<=)
        }
        guard 1...mostCounted ~= rounds, isOfThePath, places.count == self.places.count,
            bestPlaces.count == places.count,
            steps.count == places.count - 1, profile.lengths.count == profile.places.count - 1,
            (steps + profile.lengths).allSatisfy({ $0 >= 0 && $0.isFinite })
        else { throw BandError.inconsistentState("places of frames that are not those of the path") }
        (self.places, self.steps, self.bestPlaces, self.rounds) = (places, steps, bestPlaces, rounds)
        self.profile = profile
    }

    /// The longest step divided by the shortest; infinite if a step is 0.
    public static func ratio(_ steps: [Double]) -> Double {
        guard let longest = steps.max(), let shortest = steps.min(), shortest > 0 else { return .infinity }
        return longest / shortest
    }

    /// Takes in the steps between the frames at `places`, and chooses the next places.
    public mutating func record(_ measured: [Double]) {
        precondition(measured.count == places.count - 1, "a length for each step")
        guard !isDone else { return }
        rounds += 1
        if steps.isEmpty || Self.ratio(measured) < Self.ratio(steps) {
            (steps, bestPlaces) = (measured, places)
        }
        profile?.fit(measured, between: places)
        let profile = profile ?? LengthProfile(places: places, lengths: measured)
        self.profile = profile
        let next = Self.spread(profile, count: measured.count, keeping: kept)
        if Self.ratio(steps) > Self.evenRatio, rounds < roundLimit, let next {
            places = next
        } else {
            places = bestPlaces
            isDone = true
        }
    }

    /// Places that divide the way into `count` even steps; nil if its length is 0 or not finite.
    private static func spread(_ profile: LengthProfile, count: Int, keeping kept: Int?) -> [Double]? {
        let (places, lengths) = (profile.places, profile.lengths)
        guard let kept else { return Arclength.evenPlaces(along: places, lengths: lengths, count: count) }
        let place = Double(kept)
        let split = min(max((places.firstIndex { $0 > place } ?? lengths.count) - 1, 0), lengths.count - 1)
        let fraction = (place - places[split]) / (places[split + 1] - places[split])
        let before = (Array(places[...split]) + [place], Array(lengths[..<split]) + [lengths[split] * fraction])
        let after = (
            [place] + Array(places[(split + 1)...]), [lengths[split] * (1 - fraction)] + Array(lengths[(split + 1)...])
        )
        let total = lengths.reduce(0, +)
        guard total > 0, total.isFinite else { return nil }
        let share = before.1.reduce(0, +) / total
        let frame = min(max(Int((share * Double(count)).rounded()), 1), count - 1)
        guard let first = Arclength.evenPlaces(along: before.0, lengths: before.1, count: frame),
            let second = Arclength.evenPlaces(along: after.0, lengths: after.1, count: count - frame)
        else { return nil }
        return first + second.dropFirst()
    }
}
