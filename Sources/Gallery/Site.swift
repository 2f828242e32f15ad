import Records

/// Everything that pages are about, in the order in which they show it.
struct Site: Sendable {
    let order: LayerOrder
    let films: [Film]
    let unreadable: [UnreadableFilm]
    let report: RunReport?
    let reportFault: String?
    let nights: [Night]
    let changes: SnapshotComparison?
    /// Folders inside the output folder that are output folders with pages of their own, such as that of the nights.
    let inner: [String]
    /// All films of a layer of a job, and those that cannot be read.
    let collections: [Collection]
    /// For every layer and unit: the indices in `films` of all its films, whatever their names.
    private let runs: [String: [Int]]

    struct Collection: Sendable {
        let name: String
        let layer: String
        var films: [Film] = []
        var unreadable: [UnreadableFilm] = []
        /// The last run's failures among them.
        var failures: [RunReport.Entry] = []
    }

    init(
        order: LayerOrder, films: [Film], unreadable: [UnreadableFilm] = [], report: RunReport? = nil,
        reportFault: String? = nil, nights: [Night] = [], changes: SnapshotComparison? = nil, inner: [String] = []
    ) {
        self.order = order
        self.films = films
        self.unreadable = unreadable
        self.report = report
        self.reportFault = reportFault
        self.nights = nights
        self.changes = changes
        self.inner = inner
        runs = Dictionary(grouping: films.indices) { "\(films[$0].layer)/\(films[$0].unit)" }

        var collections: [String: Collection] = [:]
        func collection(_ name: String, _ layer: String) -> Collection {
            collections["\(name)/\(layer)"] ?? Collection(name: name, layer: layer)
        }
        for film in films {
            var own = collection(film.name, film.layer)
            own.films.append(film)
            collections["\(film.name)/\(film.layer)"] = own
        }
        for entry in unreadable {
            var own = collection(entry.place.name, entry.place.layer)
            own.unreadable.append(entry)
            collections["\(entry.place.name)/\(entry.place.layer)"] = own
        }
        for failure in report?.failures ?? [] {
            guard let place = FilmPlace(failure.reel), var own = collections["\(place.name)/\(place.layer)"] else {
                continue
            }
            own.failures.append(failure)
            collections["\(place.name)/\(place.layer)"] = own
        }
        self.collections = collections.values.sorted {
            $0.name == $1.name
                ? order.precedes($0.layer, $1.layer) : LayerOrder.naturally($0.name, precedes: $1.name)
        }
    }

    /// Whether there is a unit with two films that could be compared.
    var hasComparisons: Bool { runs.values.contains { $0.count > 1 } }

    var hasNight: Bool { report != nil || reportFault != nil || changes != nil || !nights.isEmpty }

    /// Units with several films, layers from edges to objects.
    var comparable: [[Film]] {
        runs.values.filter { $0.count > 1 }.map { $0.map { films[$0] } }.sorted {
            $0[0].layer == $1[0].layer
                ? LayerOrder.naturally($0[0].unit, precedes: $1[0].unit) : order.precedes($0[0].layer, $1[0].layer)
        }
    }

    /// What a film's page says about other films.
    struct Context: Sendable, Equatable {
        var previous: Film?
        var next: Film?
        var others: [Film] = []
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
        func neighbour(_ other: Int) -> Film? {
            guard films.indices.contains(other), films[other].name == film.name, films[other].layer == film.layer else {
                return nil
            }
            return films[other]
        }
        return Context(
            previous: neighbour(index - 1), next: neighbour(index + 1),
            others: (runs["\(film.layer)/\(film.unit)"] ?? []).filter { $0 != index }.map { films[$0] },
            hasComparisons: hasComparisons, hasNight: hasNight)
    }
}

/// A film whose `film.json` cannot be shown, and why.
struct UnreadableFilm: Sendable, Equatable {
    let place: FilmPlace
    let reason: String
}
