import ConvNet
import Records

/// What is known of every unit after some pictures. Pictures come in order, so that the result is the same whoever has
/// looked at them.
struct UnitTally: Sendable, Equatable {
    /// An example as it is kept: four numbers, of which those that count are below 2^24.
    struct Kept: Sendable, Equatable {
        var picture: Int32
        var activation: Float
        var peak: Float
        var place: Int32
    }

    let unitCount: Int
    private(set) var pictureCount = 0
    /// Running means, and sums of squared deviations from them (Welford).
    private(set) var means: [Double]
    private(set) var squares: [Double]
    /// For each unit so many places, the best first; those beyond `pictureCount` hold nothing.
    private(set) var strongest: [Kept]
    private(set) var weakest: [Kept]

    private static let nothing = Kept(picture: 0, activation: 0, peak: 0, place: 0)

    init(unitCount: Int) {
        self.unitCount = unitCount
        means = [Double](repeating: 0, count: unitCount)
        squares = means
        strongest = [Kept](repeating: Self.nothing, count: unitCount * ExampleRecord.strongestCount)
        weakest = [Kept](repeating: Self.nothing, count: unitCount * ExampleRecord.weakestCount)
    }

    /// One that was kept.
    init(pictureCount: Int, means: [Double], squares: [Double], strongest: [Kept], weakest: [Kept]) {
        unitCount = means.count
        (self.pictureCount, self.means, self.squares) = (pictureCount, means, squares)
        (self.strongest, self.weakest) = (strongest, weakest)
    }

    mutating func add(_ summaries: UnitSummaries) {
        let picture = Int32(pictureCount)
        pictureCount += 1
        for unit in 0..<unitCount {
            let kept = Kept(
                picture: picture, activation: summaries.means[unit], peak: summaries.peaks[unit],
                place: summaries.places[unit])
            let distance = Double(kept.activation) - means[unit]
            means[unit] += distance / Double(pictureCount)
            squares[unit] += distance * (Double(kept.activation) - means[unit])
            Self.insert(
                kept, into: &strongest, unit * ExampleRecord.strongestCount, ExampleRecord.strongestCount,
                Int(picture)
            ) { $0 > $1 }
            Self.insert(
                kept, into: &weakest, unit * ExampleRecord.weakestCount, ExampleRecord.weakestCount, Int(picture)
            ) { $0 < $1 }
        }
    }

    /// Puts an example behind all that are at least as good.
    /// - Parameter before: how many pictures there were before it.
    @inline(__always) private static func insert(
        _ example: Kept, into list: inout [Kept], _ first: Int, _ most: Int, _ before: Int,
        isBetter: (Float, Float) -> Bool
    ) {
        var count = min(before, most)
        if count == most {
            guard isBetter(example.activation, list[first + most - 1].activation) else { return }
            count -= 1
        }
        var place = first + count
        while place > first, isBetter(example.activation, list[place - 1].activation) {
            list[place] = list[place - 1]
            place -= 1
        }
        list[place] = example
    }

    /// What a record says of some units.
    func units(_ columns: Range<Int>, map: ExampleRecord.Size) -> [ExampleRecord.Unit] {
        func examples(_ list: [Kept], _ unit: Int, _ most: Int) -> [ExampleRecord.Example] {
            list[unit * most..<unit * most + min(most, pictureCount)].map { kept in
                ExampleRecord.Example(
                    picture: Int(kept.picture), activation: kept.activation, peak: kept.peak,
                    row: Int(kept.place) / map.width, column: Int(kept.place) % map.width)
            }
        }
        return columns.map { unit in
            ExampleRecord.Unit(
                mean: means[unit],
                standardDeviation: (squares[unit] / Double(max(pictureCount, 1))).squareRoot(),
                strongest: examples(strongest, unit, ExampleRecord.strongestCount),
                weakest: examples(weakest, unit, ExampleRecord.weakestCount))
        }
    }
}
