import Records

/// Everything that pages are about, in the order in which they show it.
struct Site: Sendable {
    let order: LayerOrder
    let films: [ListedFilm]
    let unreadable: [UnreadableFilm]
    let report: RunReport?
    let reportFault: String?
    let nights: [Night]
    let changes: SnapshotComparison?
    /// Folders inside the output folder that are output folders with pages of their own, such as that of the nights.
    let inner: [String]
    /// All films of a layer of a job, and those that cannot be read.
    let collections: [Collection]
    /// For every network, layer and unit: the indices in `films` of all its films, whatever their names.
    private let runs: [String: [Int]]

    struct Collection: Sendable {
        let name: String
        let layer: String
        var films: [ListedFilm] = []
        var unreadable: [UnreadableFilm] = []
        /// The last run's failures among them.
        var failures: [RunReport.Entry] = []
    }

    init(
        order: LayerOrder? = nil, films: [ListedFilm], unreadable: [UnreadableFilm] = [], report: RunReport? = nil,
        reportFault: String? = nil, nights: [Night] = [], changes: SnapshotComparison? = nil, inner: [String] = []
    ) {
        let order = order ?? LayerOrder(films)
        self.order = order
        self.films = films
        self.unreadable = unreadable
        self.report = report
        self.reportFault = reportFault
        self.nights = nights
        self.changes = changes
        self.inner = inner
        runs = Dictionary(grouping: films.indices) { films[$0].subject }

        var collections: [String: Collection] = [:]
        func add(_ name: String, _ layer: String, _ change: (inout Collection) -> Void) {
            change(&collections["\(name)/\(layer)", default: Collection(name: name, layer: layer)])
        }
        for film in films { add(film.name, film.layer) { $0.films.append(film) } }
        for entry in unreadable { add(entry.place.name, entry.place.layer) { $0.unreadable.append(entry) } }
        for failure in report?.failures ?? [] {
            guard let place = FilmPlace(failure.reel) else { continue }
            collections["\(place.name)/\(place.layer)"]?.failures.append(failure)
        }
        self.collections = collections.values.sorted {
            order.precedes(($0.name, $0.layer), ($1.name, $1.layer))
        }
    }

    /// Whether there is a unit with two films that could be compared.
    var hasComparisons: Bool { runs.values.contains { $0.count > 1 } }

    var hasNight: Bool { report != nil || reportFault != nil || changes != nil || !nights.isEmpty }

    /// Units with several films, layers from edges to objects.
    var comparable: [[ListedFilm]] {
        runs.values.filter { $0.count > 1 }.map { $0.map { films[$0] } }.sorted {
            let (left, right) = ($0[0], $1[0])
            if left.networkFile != right.networkFile {
                return (left.networkFile ?? "").utf8.lexicographicallyPrecedes((right.networkFile ?? "").utf8)
            }
            if left.layer == right.layer { return LayerOrder.naturally(left.unit, precedes: right.unit) }
            return order.layer((left.name, left.layer), precedes: (right.name, right.layer))
        }
    }

    /// What a film's page says about other films.
    struct Context: Sendable, Equatable {
        var previous: ListedFilm?
        var next: ListedFilm?
        var others: [ListedFilm] = []
        var hasComparisons = false
        var hasNight = false

        /// Changes if the page would change.
        var key: String {
            ([previous?.path, next?.path] + others.map(\.path)).map { $0 ?? "" }.joined(separator: "\n")
                + "\n\(hasComparisons) \(hasNight)"
        }
    }

    /// The context of the film at this index: its neighbours in its layer, and the other films of its unit.
    func context(of index: Int) -> Context {
        let film = films[index]
        func neighbour(_ other: Int) -> ListedFilm? {
            guard films.indices.contains(other), films[other].name == film.name, films[other].layer == film.layer else {
                return nil
            }
            return films[other]
        }
        return Context(
            previous: neighbour(index - 1), next: neighbour(index + 1),
            others: (runs[film.subject] ?? []).filter { $0 != index }.map { films[$0] },
            hasComparisons: hasComparisons, hasNight: hasNight)
    }
}

/// A film whose `film.json` cannot be shown, and why.
struct UnreadableFilm: Sendable, Equatable {
    let place: FilmPlace
    let reason: String
}
