import JSON
import Networks

/// Looks up what a job's films are of: layers and units of its network.
struct TargetLookUp {
    let network: NetworkDescription
    let draft: JobDraft
    let node: JSONNode
    let decoding: ManifestDecoding
    /// As in `NetworkProvider`.
    let fault: (NetworkReference, String) -> NetworkError?

    /// The only one of some keys that is there; nil if none or several are, which has been reported already.
    private func onlyMember(_ keys: String...) -> JSONMember? {
        let members = keys.compactMap(node.member)
        return members.count == 1 ? members[0] : nil
    }

    // MARK: Layers

    /// The layers, in their order in the manifest; those of a pattern in the network's. None if an error was reported.
    func layers() -> [Layer] {
        guard let selection = draft.layers else { return classLayer() }
        guard let member = onlyMember("layer", "layers") else { return [] }
        let found: [Layer] = decoding.inside(.key(member.key)) {
            switch selection {
            case .one(let name): return layers(name, member.value)
            case .several(let names):
                return zip(names, member.value.elements).enumerated().flatMap { index, layer in
                    decoding.inside(.index(index)) { layers(layer.0, layer.1) }
                }
            }
        }
        var names: Set<String> = []
        return found.filter { names.insert($0.name).inserted }
    }

    /// Where no layer is named, a class is one of the network's last logits.
    private func classLayer() -> [Layer] {
        guard case .labelled = draft.units, node.member("layer") == nil, node.member("layers") == nil,
            let member = node.member("class")
        else { return [] }
        if let layer = network.classLayer { return [layer] }
        decoding.inside(.key(member.key)) {
            decoding.report(
                member.value, expected: "\"class\" only for a network with logits",
                hint: ": \(Printable.text(network.name, limit: 100)) has none; name a layer and a unit")
        }
        return []
    }

    /// The layers that one text means.
    private func layers(_ text: String, _ node: JSONNode) -> [Layer] {
        let meant = network.layers(meantBy: text)
        if !meant.isEmpty { return meant }
        if let fault = fault(draft.network, text) {
            decoding.report(
                node, expected: "a layer that can be rendered",
                hint: ": " + Printable.text(fault.description, limit: 1000))
            return []
        }
        let known = network.layers.map(\.name) + network.selections.map(\.name)
        let nearest = NearestName.hint(for: text, among: known)
        decoding.report(
            node,
            expected: NamePattern.isPattern(text) ? "a pattern of the network's layers" : "a layer of the network",
            hint: nearest.isEmpty ? ": `\(draft.network.layersCommand())` lists them" : nearest)
        return []
    }

    // MARK: Units

    /// The units of one layer; nil if an error was reported.
    func units(of layer: Layer) -> [Int]? {
        guard let selection = draft.units, let member = onlyMember("unit", "units", "class") else { return nil }
        let expected = "a unit of \(layer.name), which has units 0...\(layer.unitCount - 1)"
        return decoding.inside(.key(member.key)) {
            switch selection {
            case .all:
                return Array(0..<layer.unitCount)
            case .one(let unit):
                guard unit < layer.unitCount else {
                    decoding.report(member.value, expected: expected)
                    return nil
                }
                return [unit]
            case .range(let range):
                guard range.upperBound < layer.unitCount else {
                    decoding.report(
                        member.value, expected: "units of \(layer.name), which has units 0...\(layer.unitCount - 1)")
                    return nil
                }
                return Array(range)
            case .several(let units):
                let reportCount = decoding.reportCount
                for (index, (unit, element)) in zip(units, member.value.elements).enumerated()
                where unit >= layer.unitCount {
                    decoding.inside(.index(index)) { decoding.report(element, expected: expected) }
                }
                return decoding.reportCount == reportCount ? units : nil
            case .labelled(let label):
                return unit(label, of: layer, member.value).map { [$0] }
            }
        }
    }

    /// The unit that has a label: spelt exactly so, or else in small or capital letters.
    private func unit(_ label: String, of layer: Layer, _ node: JSONNode) -> Int? {
        guard let labels = labels(of: layer, node) else { return nil }
        var units = labels.indices.filter { labels[$0] == label }
        if units.isEmpty {
            let wanted = label.lowercased()
            units = labels.indices.filter { labels[$0].lowercased() == wanted }
        }
        if units.count == 1 { return units[0] }
        guard units.isEmpty else {
            let shown = units.prefix(8).map {
                labels[$0] == label ? "\($0)" : "\($0) (\(Printable.quoted(labels[$0])))"
            }
            decoding.report(
                node, expected: "the label of one class",
                hint: ", which is that of the units \(shown.joined(separator: ", ")): write \"unit\" and its number")
            return nil
        }
        let near = NearestName.labels(like: label, among: labels).map { Printable.quoted($0) }
        // The command knows the card's labels alone.
        let list =
            draft.network.labels.map { Printable.text($0, limit: 1000) }
            ?? "`\(draft.network.layersCommand(listsLabels: true))`"
        decoding.report(
            node, expected: "a label of \(layer.name)",
            hint: near.isEmpty
                ? ": \(list) lists them" : "; did you mean \(near.joined(separator: " or "))?")
        return nil
    }

    /// The labels of a layer's units; nil if it has none, which is reported.
    private func labels(of layer: Layer, _ node: JSONNode) -> [String]? {
        let name = Printable.text(network.name, limit: 100)
        guard layer.isLogits else {
            let other = network.classLayer.map { "; the classes are units of \($0.name)" } ?? ""
            decoding.report(
                node, expected: "\"class\" only for logits",
                hint: ", and the units of \(layer.name) are no classes: write \"unit\" and a number\(other)")
            return nil
        }
        guard let labels = network.labels else {
            decoding.report(
                node, expected: "\"class\" only for a network with labels",
                hint: ", and \(name) has none: write \"labels\" into the card beside its file, or say \"network\": "
                    + "{\"file\": ..., \"labels\": \"labels.txt\"}")
            return nil
        }
        guard labels.count == layer.unitCount else {
            decoding.report(
                node, expected: "\"class\" only for a layer with a label for each unit",
                hint:
                    ", and \(layer.name) has \(layer.unitCount) units, \(name) \(labels.count) labels: write \"unit\" "
                    + "and a number, or correct the labels in its card")
            return nil
        }
        return labels
    }

    /// Checks that the units of a direction belong to the layer.
    func checkWeights(in layer: Layer) {
        guard let list = node.member("objective")?.value.member("weights")?.value.elements else { return }
        for (index, (weight, element)) in zip(draft.objective.weights, list).enumerated()
        where weight.unit >= layer.unitCount {
            decoding.report(
                at: (element.member("unit")?.value ?? element).range.lowerBound, .key("objective"), .key("weights"),
                .index(index), .key("unit"),
                message: "expected a unit of \(layer.name), which has units 0...\(layer.unitCount - 1), "
                    + "found \(weight.unit)")
        }
    }
}
