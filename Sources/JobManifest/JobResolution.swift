import JSON
import Networks

/// Checks jobs against the network's layers, and against each other.
struct JobResolution {
    private let network: NetworkDescription
    private let layersByName: [String: Layer]
    /// Who writes to a folder: the job's file and pointer.
    private var owners: [String: String] = [:]
    /// The first job of each name, by the name in small letters.
    private var names: [String: (name: String, source: SourceText, offset: Int, owner: String)] = [:]
    private var reelCount = 0
    /// Nil if nobody looks into pictures.
    let pictures: PictureInspector?
    /// What is wrong with the pictures that were looked into, by their paths.
    var inspected: [String: String?] = [:]

    init(network: NetworkDescription, pictures: PictureInspector? = nil) {
        self.network = network
        self.pictures = pictures
        layersByName = Dictionary(network.layers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The jobs of one object of the manifest; none if an error was reported. Messages about other jobs call it
    /// `owner`.
    mutating func resolve(_ draft: JobDraft, _ node: JSONNode, owner: String, _ decoding: ManifestDecoding) -> [Job] {
        let reportCount = decoding.reportCount
        let selected = lookUpLayers(draft, node, decoding)
        var jobs: [Job] = []
        for entry in selected {
            guard let units = lookUpUnits(draft, node, entry, decoding) else { break }
            checkWeights(draft, node, entry, decoding)
            // Layers whose units are the same share a job.
            if let last = jobs.indices.last, jobs[last].units == units {
                jobs[last].layers.append(entry.name)
            } else {
                jobs.append(Job(draft, layers: [entry.name], units: units))
            }
        }
        checkImages(draft, node, decoding)
        guard decoding.reportCount == reportCount else { return [] }
        // Without a name (a fault, reported already) there is no folder.
        guard !draft.name.isEmpty, claimName(of: draft, node, owner: owner, decoding),
            claimFolders(of: jobs, node, owner: owner, decoding)
        else { return [] }
        return jobs
    }

    /// The one of two keys that is there; nil if both or none are, which has been reported already.
    private func onlyMember(of node: JSONNode, _ first: String, _ second: String) -> JSONMember? {
        switch (node.member(first), node.member(second)) {
        case (let member?, nil), (nil, let member?): member
        default: nil
        }
    }

    // MARK: Layers

    private func lookUpLayers(_ draft: JobDraft, _ node: JSONNode, _ decoding: ManifestDecoding) -> [Layer] {
        guard let selection = draft.layers, let member = onlyMember(of: node, "layer", "layers") else { return [] }
        return decoding.inside(.key(member.key)) {
            switch selection {
            case .one(let name):
                return network.selections.first { $0.name == name }?.layers
                    ?? lookUp(name, member.value, decoding).map { [$0] } ?? []
            case .several(let names):
                return zip(names, member.value.elements).enumerated().compactMap { index, layer in
                    decoding.inside(.index(index)) { lookUp(layer.0, layer.1, decoding) }
                }
            }
        }
    }

    private func lookUp(_ name: String, _ node: JSONNode, _ decoding: ManifestDecoding) -> Layer? {
        if let entry = layersByName[name] { return entry }
        let known = network.layers.map(\.name) + network.selections.map(\.name)
        let nearest = NearestName.hint(for: name, among: known)
        decoding.report(
            node, expected: "a layer of the network",
            hint: nearest.isEmpty ? ": `facetreel layers` lists them" : nearest)
        return nil
    }

    // MARK: Units

    /// The units of one layer; nil if an error was reported.
    private func lookUpUnits(
        _ draft: JobDraft, _ node: JSONNode, _ entry: Layer, _ decoding: ManifestDecoding
    ) -> [Int]? {
        guard let selection = draft.units, let member = onlyMember(of: node, "unit", "units") else { return nil }
        let expected = "a unit of \(entry.name), which has units 0...\(entry.unitCount - 1)"
        return decoding.inside(.key(member.key)) {
            switch selection {
            case .all:
                return Array(0..<entry.unitCount)
            case .one(let unit):
                guard unit < entry.unitCount else {
                    decoding.report(member.value, expected: expected)
                    return nil
                }
                return [unit]
            case .range(let range):
                guard range.upperBound < entry.unitCount else {
                    decoding.report(
                        member.value, expected: "units of \(entry.name), which has units 0...\(entry.unitCount - 1)")
                    return nil
                }
                return Array(range)
            case .several(let units):
                let reportCount = decoding.reportCount
                for (index, (unit, element)) in zip(units, member.value.elements).enumerated()
                where unit >= entry.unitCount {
                    decoding.inside(.index(index)) { decoding.report(element, expected: expected) }
                }
                return decoding.reportCount == reportCount ? units : nil
            }
        }
    }

    /// Checks that the units of a direction belong to the layer.
    private func checkWeights(
        _ draft: JobDraft, _ node: JSONNode, _ entry: Layer, _ decoding: ManifestDecoding
    ) {
        guard let list = node.member("objective")?.value.member("weights")?.value.elements else { return }
        for (index, (weight, element)) in zip(draft.objective.weights, list).enumerated()
        where weight.unit >= entry.unitCount {
            decoding.report(
                at: (element.member("unit")?.value ?? element).range.lowerBound, .key("objective"), .key("weights"),
                .index(index), .key("unit"),
                message: "expected a unit of \(entry.name), which has units 0...\(entry.unitCount - 1), "
                    + "found \(weight.unit)")
        }
    }

    // MARK: Folders

    /// Refuses a name that differs only in case from another job's: many disks do not tell such folders apart.
    private mutating func claimName(
        of draft: JobDraft, _ node: JSONNode, owner: String, _ decoding: ManifestDecoding
    ) -> Bool {
        let offset = (node.member("name")?.value ?? node).range.lowerBound
        let key = draft.name.lowercased()
        guard let first = names[key] else {
            names[key] = (draft.name, decoding.source, offset, owner)
            return true
        }
        guard first.name != draft.name else { return true }
        let place = first.source.places(ofAscending: [first.offset])[0]
        decoding.report(
            at: offset, .key("name"),
            message: "expected a name that differs in more than its case from \"\(first.name)\" of \(first.owner) "
                + "(line \(place.line), column \(place.column)), found \"\(draft.name)\": on many disks both are one "
                + "folder; rename one of the jobs")
        return false
    }

    /// Refuses a folder that another job writes to, and more reels than a run can hold.
    private mutating func claimFolders(
        of jobs: [Job], _ node: JSONNode, owner: String, _ decoding: ManifestDecoding
    ) -> Bool {
        let count = jobs.reduce(0) { $0 + $1.layers.count * $1.units.count }
        guard reelCount + count <= ManifestReader.greatestReelCount else {
            decoding.report(
                at: node.range.lowerBound,
                message: "expected at most \(ManifestReader.greatestReelCount) films in a run, "
                    + "found \(reelCount + count) up to this job: render in several runs")
            return false
        }
        reelCount += count
        for job in jobs {
            for layer in job.layers {
                for unit in job.units {
                    let folder = "\(job.name)/\(layer)/\(unit)"
                    guard let other = owners.updateValue(owner, forKey: folder) else { continue }
                    let place = node.member("name")?.value ?? node
                    decoding.report(
                        at: place.range.lowerBound, .key("name"),
                        message: "expected an output folder of its own, found \"\(folder)\", which \(other) writes to: "
                            + "rename one of the jobs")
                    return false
                }
            }
        }
        return true
    }
}
