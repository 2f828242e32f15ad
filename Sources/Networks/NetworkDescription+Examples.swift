extension NetworkDescription {
    /// The layers whose units get examples where nobody says which: those of the selection "projection", or else of the
    /// card's first one, or else those of the perceptual distance; and the classes.
    public var exampleLayers: [Layer] {
        let selection = selections.first { $0.name == "projection" } ?? selections.first
        return ordered((selection?.layers ?? perceptualLayers) + [classLayer].compactMap(\.self))
    }

    /// Layers in the network's order, each once: names that no list shows come before the last one that a list shows.
    public func ordered(_ wanted: [Layer]) -> [Layer] {
        var names: Set<String> = []
        let each = wanted.filter { names.insert($0.name).inserted }
        let places = Dictionary(layers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return each.enumerated().sorted {
            (places[$0.element.name] ?? -1, $0.offset) < (places[$1.element.name] ?? -1, $1.offset)
        }.map(\.element)
    }
}
