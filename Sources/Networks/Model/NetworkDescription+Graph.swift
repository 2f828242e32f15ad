import JSON

extension NetworkDescription {
    /// What a file and its card say of a network.
    /// - Parameter graph: at the size of the images that the network was made for.
    /// - Throws: `NetworkError` if no layer can be computed, or the card names one that is not there.
    init(of graph: LoweredGraph, name: String, card: NetworkCard, path: String) throws(NetworkError) {
        let survey = GraphSurvey(graph.graph)
        // Each tensor with channels once, and the image not at all.
        let tensors = graph.tensors.filter { $0.value.value != 0 }
        let order = tensors.keys.sorted { first, second in
            let (one, other) = (tensors[first]?.value ?? 0, tensors[second]?.value ?? 0)
            return one != other ? one < other : first < second
        }
        let works = survey.work(of: order.map { tensors[$0]?.value ?? 0 })
        var listed: [String: LayerNames.Entry] = [:]
        for entry in graph.names.entries { listed[entry.tensor] = entry }
        var known: [String: Layer] = [:]
        for (tensor, work) in zip(order, works) {
            guard let lowered = tensors[tensor] else { continue }
            let value = lowered.value
            let shape = graph.graph.shape(of: value)
            known[tensor] = Layer(
                name: listed[tensor]?.name ?? tensor, unitCount: shape.channels,
                stride: survey.stride(of: value), receptiveField: survey.receptiveField(of: value),
                isLogits: lowered.isLogits, mapSize: Layer.MapSize(height: shape.height, width: shape.width), work: work
            )
        }
        let entries = graph.names.entries.filter { known[$0.tensor] != nil }
        let layers = entries.compactMap { known[$0.tensor] }
        guard !layers.isEmpty else { throw graph.nothingToSee }

        var others: [String: Layer] = [:]
        for (tensor, layer) in known where layer.name != tensor { others[tensor] = layer }
        for (tensor, layer) in known where listed[tensor] == nil { others[tensor] = layer }
        for (path, tensor) in graph.names.paths {
            if let layer = known[tensor], layer.name != path { others[path] = layer } else { others[path] = nil }
        }
        var aliases: [String: [String]] = [:]
        for entry in entries where !entry.aliases.isEmpty { aliases[entry.name] = entry.aliases }

        let values = entries.map { tensors[$0.tensor]?.value ?? 0 }
        let isPassed = survey.isPassedByAll(to: values[values.count - 1])
        let depths = LayerDepths(
            layers: layers,
            hasPositions: values.indices.map { !layers[$0].isLogits && graph.graph.shape(of: values[$0]).pixels > 1 },
            isPassed: values.map { isPassed[$0] }, isBlock: entries.map { $0.isBlock },
            height: graph.graph.image.height, width: graph.graph.image.width)
        let find = CardLayers(
            layers: layers, others: others, aliases: aliases, path: NetworkCard.path(beside: path))
        var selections: [Selection] = []
        for selection in card.selections {
            let place = "/selections/\(selection.name)"
            selections.append(
                Selection(name: selection.name, layers: try find.layers(selection.layers, place: place)))
        }
        var deepness: [String: Int] = [:]
        for (tensor, layer) in known { deepness[layer.name] = tensors[tensor]?.value }
        // In the network's order, however the card has them: what reaches the last reaches all.
        let perceptual = try find.layers(card.perceptualLayers, place: "/perceptualLayers").sorted {
            (deepness[$0.name] ?? 0, $0.name) < (deepness[$1.name] ?? 0, $1.name)
        }
        let benchmark = try find.layers(card.benchmarkLayers, place: "/benchmarkLayers")
        var standard: Layer?
        if let name = card.standardLayer { standard = try find.layers([name], place: "/standardLayer").first }
        self.init(
            name: name, height: graph.graph.image.height, width: graph.graph.image.width, labels: card.labels,
            layers: layers, others: others, aliases: aliases, selections: selections,
            perceptualLayers: perceptual.isEmpty ? depths.layers(at: [0.1, 0.3, 0.5, 0.7, 0.9]) : perceptual,
            benchmarkLayers: benchmark.isEmpty ? depths.layers(at: [0.25, 0.6, 1]) : benchmark,
            standardLayer: standard ?? depths.layers(at: [0.75])[0])
    }
}

/// Layers that stand for a depth, by the cost of what leads to them.
private struct LayerDepths {
    private var candidates: [(layer: Layer, cost: Double)]

    /// - Parameters:
    ///   - isPassed: whether everything behind a layer sees the image through it alone.
    ///   - isBlock: whether it is the end of a module of several.
    /// - Precondition: there is a layer.
    init(layers: [Layer], hasPositions: [Bool], isPassed: [Bool], isBlock: [Bool], height: Int, width: Int) {
        // Ends of blocks, as people look at them, if there are enough; then what is no branch, then all.
        let placed = layers.indices.filter { hasPositions[$0] }
        let passed = placed.filter { isPassed[$0] }
        let blocks = passed.filter { isBlock[$0] }
        let enough = 5
        let chosen =
            [blocks, passed].first { $0.count >= enough } ?? (placed.isEmpty ? Array(layers.indices) : placed)
        candidates = chosen.map { (layers[$0], layers[$0].multiplyAccumulates(height: height, width: width)) }
    }

    /// The nearest to each part of the largest cost, each layer once, in the network's order.
    func layers(at parts: [Double]) -> [Layer] {
        let largest = candidates.map { $0.cost }.max() ?? 0
        var chosen: [Int] = []
        for part in parts {
            var best: (index: Int, distance: Double)?
            for index in candidates.indices where !chosen.contains(index) {
                let distance = abs(candidates[index].cost - part * largest)
                // Of equals the last: behind the activation.
                if distance <= best?.distance ?? .infinity { best = (index, distance) }
            }
            if let best { chosen.append(best.index) }
        }
        return chosen.sorted().map { candidates[$0].layer }
    }
}

/// The layers that a card names.
private struct CardLayers {
    let layers: [Layer]
    let others: [String: Layer]
    let aliases: [String: [String]]
    let path: String

    /// Names and patterns in their order, each layer once.
    func layers(_ names: [String], place: String) throws(NetworkError) -> [Layer] {
        var found: [Layer] = []
        for name in names {
            var matches: [Layer] = []
            if let layer = layers.first(where: { $0.name == name }) ?? others[name] {
                matches = [layer]
            } else if NamePattern.isPattern(name) {
                matches = NetworkDescription.layers(matching: NamePattern(name), of: layers, aliases: aliases)
            }
            guard !matches.isEmpty else {
                throw NetworkError(
                    file: path, place: place,
                    reason: "\(name.quoted) is no layer of the network that can be visualized"
                        + NearestName.hint(for: name, among: layers.map { $0.name }))
            }
            for layer in matches where !found.contains(where: { $0.name == layer.name }) { found.append(layer) }
        }
        return found
    }
}
