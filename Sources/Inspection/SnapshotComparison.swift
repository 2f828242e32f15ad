/// Which films are not what they were: the measures of two nights, or of two presets, side by side.
public struct SnapshotComparison: Sendable, Codable, Equatable {
    public struct Change: Sendable, Codable, Equatable {
        public var measure: String
        public var old: Double
        /// nil where it can be measured no more, e.g. the ratios of a path whose end no longer activates the unit.
        public var new: Double?
        /// How far it moved for the worse, in tolerances; negative for the better. What is gone has moved by 1.
        public var worse: Double
    }

    public struct Film: Sendable, Codable, Equatable {
        public var film: String
        /// Those beyond the tolerance, the worst first.
        public var changes: [Change]
        public var worst: Double { changes.first?.worse ?? 0 }
    }

    public var tolerance: Double
    public var compared: Int
    /// The worst first.
    public var changed: [Film]
    public var new: [String]
    public var gone: [String]
    /// All evaluations, and seconds spent, of the films that are in both.
    public var evaluations: Pair<Int>
    public var seconds: Pair<Double>

    public struct Pair<Value: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
        public var old: Value
        public var new: Value
    }

    /// Two percent: far more than the last bits of another processor make, far less than an eye would notice.
    public static let standardTolerance = 0.02

    /// - Parameter tolerance: of activations relative to the old one, of ratios as they are.
    public init(old: MeasureSnapshot, new: MeasureSnapshot, tolerance: Double = Self.standardTolerance) {
        self.tolerance = tolerance
        let common = old.films.keys.filter { new.films[$0] != nil }.sorted()
        compared = common.count
        self.new = new.films.keys.filter { old.films[$0] == nil }.sorted()
        gone = old.films.keys.filter { new.films[$0] == nil }.sorted()
        changed =
            common.compactMap { name in
                guard let before = old.films[name], let after = new.films[name] else { return nil }
                let changes = Self.changes(before.measures, after.measures, tolerance)
                return changes.isEmpty ? nil : Film(film: name, changes: changes)
            }.sorted { ($1.worst, $0.film) < ($0.worst, $1.film) }
        evaluations = Pair(
            old: common.reduce(0) { $0 + (old.films[$1]?.evaluations ?? 0) },
            new: common.reduce(0) { $0 + (new.films[$1]?.evaluations ?? 0) })
        seconds = Pair(
            old: common.reduce(0) { $0 + (old.films[$1]?.seconds ?? 0) },
            new: common.reduce(0) { $0 + (new.films[$1]?.seconds ?? 0) })
    }

    /// Films of which something got worse.
    public var regressions: [Film] { changed.filter { $0.worst > 0 } }

    private static func changes(_ old: [String: Double], _ new: [String: Double], _ tolerance: Double) -> [Change] {
        old.keys.sorted().compactMap { name in
            guard let before = old[name] else { return nil }
            guard let after = new[name] else {
                return Change(measure: name, old: before, new: nil, worse: 1 / max(tolerance, 1e-12))
            }
            let isActivation = name.hasSuffix("ctivation")
            let scale = isActivation ? max(abs(before), 1e-9) : 1
            // Steps and flicker are better the less there is of them.
            let isBetterBelow = name.hasSuffix("featureStepRatio") || name.hasSuffix("flicker")
            let fall = (isBetterBelow ? after - before : before - after) / scale
            guard abs(fall) > tolerance else { return nil }
            return Change(measure: name, old: before, new: after, worse: fall / max(tolerance, 1e-12))
        }.sorted { ($1.worse, $0.measure) < ($0.worse, $1.measure) }
    }

    // MARK: - Text

    /// For people: what got worse, then what got better, then films that are in one of them alone.
    public func text(limit: Int = 50) -> String {
        var lines = [
            "\(compared) films in both, \(regressions.count) worse, \(changed.count - regressions.count) better"
        ]
        for film in changed.prefix(limit) {
            lines.append("\(film.worst > 0 ? "worse" : "better")  \(film.film)")
            lines += film.changes.prefix(3).map {
                "    \($0.measure): \(Self.text($0.old)) -> \($0.new.map(Self.text) ?? "none")"
            }
        }
        if changed.count > limit { lines.append("... and \(changed.count - limit) more") }
        for (word, names) in [("new", new), ("gone", gone)] where !names.isEmpty {
            lines.append(
                "\(word): \(names.prefix(5).joined(separator: ", "))"
                    + (names.count > 5 ? " and \(names.count - 5) more" : ""))
        }
        lines.append(
            "evaluations \(evaluations.old) -> \(evaluations.new), seconds \(Int(seconds.old)) -> \(Int(seconds.new))")
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
}
