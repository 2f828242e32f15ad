import Foundation

/// The measures of one film, in one line: small enough to keep those of every night.
public struct FilmMeasures: Sendable, Codable, Equatable {
    /// `name/layer/unit`
    public var film: String
    /// By name, e.g. `path 2 robustMinimum`; what could not be measured is not there.
    public var measures: [String: Double]
    public var evaluations: Int
    public var seconds: Double
    public var engineRevision: String
    /// Whether it is below a bar; nil in a film of an earlier version, and in its snapshot.
    public var flagged: Bool?
    /// The label of the class that the film is of.
    public var label: String?

    private enum CodingKeys: String, CodingKey {
        case film, measures, evaluations, seconds, engineRevision, flagged
        case label = "class"
    }

    /// - Parameter record: the bytes of a film.json.
    init(film: String, record: Data) throws {
        let file = try FilmFile<UnreadJob>(record, with: [.facets, .bands, .run])
        guard let facets = file.facets, let bands = file.bands, let total = file.timing?.total,
            let engineRevision = file.engineRevision,
            facets.allSatisfy({ $0.measures[.activation] != nil && $0.measures[.robustActivation] != nil })
        else { throw SnapshotError.noMeasures }
        self.film = film
        label = file.label
        flagged = file.verdict.map { !$0.isGood }
        var measures: [String: Double] = [:]
        func take(_ values: MeasuredValues, _ place: String) {
            for measure in Measure.all where measure.places.contains(.comparison) {
                measures["\(place) \(measure.key.rawValue)"] = values[measure.key]
            }
        }
        for (number, facet) in facets.enumerated() { take(facet.measures, "facet \(number + 1)") }
        for (number, band) in bands.enumerated() { take(band.measures, "path \(number + 1)") }
        self.measures = measures
        evaluations = 0
        for count in facets.map(\.evaluations) + bands.map(\.evaluations) {
            guard let count else { throw SnapshotError.noMeasures }
            try Self.require(0...Self.most, count, "evaluations")
            evaluations = min(evaluations + count, Self.most)
        }
        seconds = total
        self.engineRevision = engineRevision
        try validate()
    }

    /// More evaluations or seconds than any film takes. The compared files may come from anywhere, and sums of their
    /// numbers must not overflow.
    private static let most = 1_000_000_000_000

    /// - Throws: `SnapshotError` if no film can have such a number.
    func validate() throws(SnapshotError) {
        try Self.require(0...Self.most, evaluations, "evaluations")
        try Self.require(0...Double(Self.most), seconds, "seconds")
        for (name, value) in measures { try Self.require(-1e30...1e30, value, name) }
    }

    private static func require<Value>(
        _ range: ClosedRange<Value>, _ value: Value, _ name: String
    ) throws(SnapshotError) {
        guard range.contains(value) else { throw SnapshotError(description: "\(name) is \(value)") }
    }
}
