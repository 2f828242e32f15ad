import ConvNet
import Pipeline
import Records

/// How far a collection is: everything but the activations themselves.
struct ExampleState: Sendable, Equatable {
    /// How many files of the list are done, whether read or skipped.
    private(set) var doneCount = 0
    private(set) var tally: UnitTally
    /// Of those that were read.
    private(set) var sizes: [ExampleRecord.Size] = []
    /// Places in the list, and why.
    private(set) var skips: [Skip] = []

    struct Skip: Sendable, Equatable, Codable {
        var place: Int
        var reason: String
        var isTransient: Bool
    }

    init(unitCount: Int) {
        tally = UnitTally(unitCount: unitCount)
    }

    /// Takes what became of the next file of the list.
    mutating func add(_ outcome: PictureOutcome) {
        switch outcome {
        case .read(let size, let summaries):
            sizes.append(size)
            tally.add(summaries)
        case .skipped(let reason, let isTransient):
            skips.append(Skip(place: doneCount, reason: reason, isTransient: isTransient))
        }
        doneCount += 1
    }

    // MARK: - As a file

    private struct Numbers: Codable {
        var done: Int
        /// Height and width of each picture, one after another.
        var sizes: [Int]
        var means: [Double]
        var squares: [Double]
        var skips: [Skip]
    }

    private static let fields = 4

    func record() throws -> StageRecord {
        let numbers = Numbers(
            done: doneCount, sizes: sizes.flatMap { [$0.height, $0.width] }, means: tally.means, squares: tally.squares,
            skips: skips)
        func tensor(_ kept: [UnitTally.Kept], _ most: Int) -> SafetensorsContents.Values {
            .floats(
                Tensor(
                    shape: [tally.unitCount, most, Self.fields],
                    values: kept.flatMap { [Float($0.picture), $0.activation, $0.peak, Float($0.place)] }))
        }
        return try StageRecord(
            numbers,
            [
                "strongest": tensor(tally.strongest, ExampleRecord.strongestCount),
                "weakest": tensor(tally.weakest, ExampleRecord.weakestCount),
            ])
    }

    /// - Throws: `StageRecordError` where the record does not fit.
    init(_ record: StageRecord, unitCount: Int, listCount: Int) throws {
        let numbers: Numbers = try record.decode()
        let pictureCount = numbers.sizes.count / 2
        let places = numbers.skips.map(\.place)
        guard numbers.means.count == unitCount, numbers.squares.count == unitCount, numbers.sizes.count % 2 == 0,
            numbers.done == pictureCount + places.count, numbers.done <= listCount,
            places.allSatisfy({ (0..<numbers.done).contains($0) }), Set(places).count == places.count
        else { throw Self.misfit }
        func kept(_ name: String, _ most: Int) throws -> [UnitTally.Kept] {
            let values = try record.floats(name, shape: [unitCount, most, Self.fields])
            return try stride(from: 0, to: values.count, by: Self.fields).map { place in
                guard let picture = Int32(exactly: values[place]), let spot = Int32(exactly: values[place + 3]),
                    picture >= 0, spot >= 0, Int(picture) < max(pictureCount, 1)
                else { throw Self.misfit }
                return UnitTally.Kept(
                    picture: picture, activation: values[place + 1], peak: values[place + 2], place: spot)
            }
        }
        tally = UnitTally(
            pictureCount: pictureCount, means: numbers.means, squares: numbers.squares,
            strongest: try kept("strongest", ExampleRecord.strongestCount),
            weakest: try kept("weakest", ExampleRecord.weakestCount))
        sizes = (0..<pictureCount).map {
            ExampleRecord.Size(height: numbers.sizes[2 * $0], width: numbers.sizes[2 * $0 + 1])
        }
        (doneCount, skips) = (numbers.done, numbers.skips)
    }

    private static let misfit = StageRecordError(description: "its numbers do not fit each other")
}
