import Foundation

/// The measures of two nights, or of two presets, side by side: which films have changed.
public struct SnapshotComparison: Sendable, Codable, Equatable {
    public struct Change: Sendable, Codable, Equatable {
        public var measure: String
        public var old: Double
        /// nil if it cannot be measured any more, e.g. the ratios of a path whose end no longer activates the unit.
        public var new: Double?
        /// How much worse it is, in tolerances; negative if it is better. A measure that is gone counts as a fall by 1,
        /// that is, by 1 / tolerance.
        public var worse: Double
    }

    public struct ComparedFilm: Sendable, Codable, Equatable {
        public var film: String
        /// The label of the class that it is of.
        public var label: String?
        /// The changes beyond the tolerance, the worst first.
        public var changes: [Change]
        public var worst: Double { changes.first?.worse ?? 0 }
        public var isWorse: Bool { worst > 0 }
    }

    public var tolerance: Double
    public var compared: Int
    /// The worst first.
    public var changed: [ComparedFilm]
    public var new: [String]
    public var gone: [String]
    /// Films of both that were good and are not any more, and the other way round. Comparisons of earlier versions do
    /// not say.
    public var newlyFlagged: [String]?
    public var noLongerFlagged: [String]?
    /// The sum of the evaluations, and of the seconds, of the films that are in both.
    public var evaluations: Pair<Int>
    public var seconds: Pair<Double>

    public struct Pair<Value: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
        public var old: Value
        public var new: Value
    }

    /// Two percent: far more than the last bits of another processor make, far less than an eye would notice.
    public static let standardTolerance = 0.02

    /// - Parameter tolerance: relative to the old value for activations, absolute for ratios.
    public init(old: MeasureSnapshot, new: MeasureSnapshot, tolerance: Double = Self.standardTolerance) {
        self.tolerance = tolerance
        let common = old.films.keys.filter { new.films[$0] != nil }.sorted()
        compared = common.count
        self.new = new.films.keys.filter { old.films[$0] == nil }.sorted()
        gone = old.films.keys.filter { new.films[$0] == nil }.sorted()
        func flagged(_ before: Bool, _ after: Bool) -> [String] {
            common.filter { old.films[$0]?.flagged == before && new.films[$0]?.flagged == after }
        }
        newlyFlagged = flagged(false, true)
        noLongerFlagged = flagged(true, false)
        changed =
            common.compactMap { name in
                guard let before = old.films[name], let after = new.films[name] else { return nil }
                let changes = Self.changes(before.measures, after.measures, tolerance)
                return changes.isEmpty
                    ? nil : ComparedFilm(film: name, label: after.label ?? before.label, changes: changes)
            }.sorted { ($1.worst, $0.film) < ($0.worst, $1.film) }
        evaluations = Pair(
            old: common.reduce(0) { $0 + (old.films[$1]?.evaluations ?? 0) },
            new: common.reduce(0) { $0 + (new.films[$1]?.evaluations ?? 0) })
        seconds = Pair(
            old: common.reduce(0) { $0 + (old.films[$1]?.seconds ?? 0) },
            new: common.reduce(0) { $0 + (new.films[$1]?.seconds ?? 0) })
    }

    /// Films of which a measure got worse.
    public var regressions: [ComparedFilm] { changed.filter(\.isWorse) }

    private static func changes(_ old: [String: Double], _ new: [String: Double], _ tolerance: Double) -> [Change] {
        old.keys.sorted().compactMap { name in
            guard let before = old[name] else { return nil }
            guard let after = new[name] else {
                return Change(measure: name, old: before, new: nil, worse: 1 / max(tolerance, 1e-12))
            }
            // `path 2 robustMinimum`. For an unknown measure, of another version, more is better.
            let measure = name.split(separator: " ").last.flatMap { Measure.Key(rawValue: String($0)) }?.measure
            let scale = measure?.tolerance == .relative ? max(abs(before), 1e-9) : 1
            let fall = (measure?.better == .lower ? after - before : before - after) / scale
            guard abs(fall) > tolerance else { return nil }
            return Change(measure: name, old: before, new: after, worse: fall / max(tolerance, 1e-12))
        }.sorted { ($1.worse, $0.measure) < ($0.worse, $1.measure) }
    }

    // MARK: - Text

    /// How many films and measures a text names; nobody reads more.
    fileprivate static let (filmLimit, measureLimit) = (50, 3)

    /// For people: what got worse, then what got better, then films that are in one of them alone.
    public var text: String {
        var lines = remarks
        lines.insert(
            contentsOf: named.flatMap { film in
                ["\(film.isWorse ? "worse" : "better")  \(film.title)"] + film.named.map { "    \($0)" }
            }, at: 1)
        return lines.joined(separator: "\n")
    }

    /// The films that a text names.
    public var named: some Sequence<ComparedFilm> { changed.prefix(Self.filmLimit) }

    /// The rest of the text: how many films there are, how many were not named, which are new, gone or flagged, and what all of
    /// them took.
    public var remarks: [String] {
        var lines = [
            "\(compared) films in both, \(regressions.count) worse, \(changed.count - regressions.count) better"
        ]
        if changed.count > Self.filmLimit { lines.append("... and \(changed.count - Self.filmLimit) more") }
        for (word, names) in [
            ("new", new), ("gone", gone), ("newly flagged", newlyFlagged ?? []),
            ("no longer flagged", noLongerFlagged ?? []),
        ] where !names.isEmpty {
            lines.append(
                "\(word): \(names.prefix(5).joined(separator: ", "))"
                    + (names.count > 5 ? " and \(names.count - 5) more" : ""))
        }
        let took = [seconds.old, seconds.new].map { String(format: "%.0f", $0.rounded(.towardZero)) }
        lines.append("evaluations \(evaluations.old) -> \(evaluations.new), seconds \(took[0]) -> \(took[1])")
        return lines
    }
}

extension SnapshotComparison.ComparedFilm {
    /// `birds/classifier/11 (goldfinch)`
    public var title: String { film + (label.map { " (\(ClassLabel.short($0)))" } ?? "") }

    /// The largest changes: `path 2 robustMinimum: 0.97 -> 0.91`.
    public var named: [String] {
        func text(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
        return changes.prefix(SnapshotComparison.measureLimit).map {
            "\($0.measure): \(text($0.old)) -> \($0.new.map(text) ?? "none")"
        }
    }
}
