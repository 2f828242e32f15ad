import JSON
import Networks

/// A job as it stands in the manifest, with the preset's values filled in. Layers and units are not looked up yet.
struct JobDraft: Sendable {
    var name = ""
    var network = NetworkReference.standard
    /// Whether the manifest names it, readably.
    var namesNetwork = false
    var layers: LayerSelection?
    var units: UnitSelection?
    var objective = ObjectiveSettings.channel
    var preset: String
    var seed: UInt64 = 0
    var image: ImageSettings
    /// The picture with which the film of the preset begins, if that is of one.
    var photograph: String?
    var facets: [FacetSettings]
    /// The preset whose facets are meant, if the manifest lists none: they depend on the layer.
    var presetOfFacets: Preset?
    var neb: NEBSettings
    var video: VideoSettings
    var pictures: PicturesSettings?
    var trust = true
    var transparentFacets = false
}

extension JobDraft: ManifestObject {
    static let definitionName = "job"
    /// How many facets a film may have; those of sets are counted one by one.
    static let facetCount = 2...64

    static let table = FieldTable<JobDraft>(
        noun: "a job", summary: "Films of one or several units of a network, all with the same settings.",
        fields: [
            Field("$schema", .text, "For editors; not read.", set: { _, _ in }, get: { _ in nil }),
            Field(
                "name", \.name, .jobName, isRequired: true,
                "Name of the job and of its folder under the output folder."),
            Field(
                "network", NetworkReference.shape,
                "The network: a name, which is looked up in Weights/ and --networks, or the path of an ONNX file from "
                    + "the manifest's folder on (with a slash, or ending in .onnx). "
                    + "Default: \"\(NetworkReference.standard.file)\".",
                set: { ($0.network, $0.namesNetwork) = ($1, true) },
                get: { $0.network == .standard ? nil : $0.network }),
            Field(
                "layer", \.layers, optional: LayerSelection.shape,
                "The layer, or several: a list, a pattern with * and ? as \"block_1?_add\", or a selection that the "
                    + "network's card names, such as \"projection\". `facetreel layers` lists all. With \"class\" it can "
                    + "be left out: the network's last logits."),
            Field(
                "layers", LayerSelection.shape, "The same as layer.", set: { $0.layers = $1 }, get: { _ in nil }),
            Field(
                "unit", UnitSelection.single, "The unit of the layer, counted from 0.", set: { $0.units = $1 },
                get: { if case .one = $0.units { $0.units } else { nil } }),
            Field(
                "units", UnitSelection.several,
                "Several units: \"all\", a range with both ends as \"0-95\", or a list.",
                set: { $0.units = $1 },
                get: {
                    switch $0.units {
                    case .one, .labelled: nil
                    default: $0.units
                    }
                }),
            Field(
                "class", UnitSelection.label,
                "Instead of a unit: a label of the network's classes, such as \"goldfinch\".",
                set: { $0.units = $1 }, get: { if case .labelled = $0.units { $0.units } else { nil } }),
            Field(
                "objective", ObjectiveSettings.wordOrObject,
                "What the images maximise. Default: \"channel\", the spatial mean of the unit.",
                set: { $0.objective = $1 }, get: { $0.objective == .channel ? nil : $0.objective }),
            Field(
                "preset", \.preset, Preset.shape,
                "Settings that hold where the manifest says nothing. "
                    + Preset.all.map { "\($0.name): \($0.summary)" }.joined(separator: " ")),
            Field(
                "seed", \.seed, .integer(0...UInt64.max),
                "Seed of all random numbers: the same manifest gives the same bytes."),
            Field("image", \.image, ImageSettings.shape, "Side lengths of the images."),
            Field(
                "photograph", .filePath,
                "With the preset \"\(Preset.photograph.name)\", which needs it: the picture with which the film begins, a "
                    + "file as that of a facet's \"image\". Instead of \"facets\".",
                set: { $0.photograph = $1 }, get: { _ in nil }),
            Field(
                "facets", .list(of: FacetSettings.shape, count: 1...64, "facets"),
                "The starting images, in the order of the film; at least two in all, since a film leads from one to the "
                    + "next. A set with a count stands for as many. Default: those of the preset, for some of them by "
                    + "what the layer sees of the image.",
                set: { ($0.facets, $0.presetOfFacets) = ($1, nil) }, get: { $0.facets }),
            Field("neb", \.neb, NEBSettings.shape, "The elastic band of images between two facets."),
            Field("video", \.video, VideoSettings.shape, "The film itself."),
            Field(
                "pictures", \.pictures, optional: PicturesSettings.folderOrObject,
                "A folder of photographs: each film's report says how they excite its unit, and its page shows those that "
                    + "do most. They are looked at once for all films of a network. Default: none."),
            Field(
                "trust", .boolean,
                "Whether each film gets a report of how far its pictures can be trusted; that costs about a tenth of a "
                    + "standard film. Default: true.",
                set: { $0.trust = $1 }, get: { $0.trust ? nil : false }),
            Field(
                "transparentFacets", .boolean,
                "true: the facets' PNGs are transparent where the unit does not look. Default: false.",
                set: { $0.transparentFacets = $1 }, get: { $0.transparentFacets ? true : nil }),
        ],
        rules: [
            .exactlyOne("layer", "layers", orNeitherBeside: "class"), .exactlyOne("unit", "units", "class"),
            .excludes("photograph", "facets"),
            // In words, `checkPhotograph` says it.
            .ofSchema(
                ifKey: "preset", is: Preset.photograph.name, thenOne: "photograph", "facets", elseWithout: "photograph"),
        ],
        finish: { job, reading, decoding in
            job.checkPhotograph(reading, decoding)
            job.settleFacetNames(reading, decoding)
            job.checkFacetCount(reading, decoding)
            job.checkPads(reading, decoding)
            job.checkPictures(reading, decoding)
        })

    init(preset: Preset) {
        self.preset = preset.name
        image = preset.image
        facets = preset.facets
        presetOfFacets = preset
        neb = preset.neb
        video = preset.video
    }

    static func decode(_ node: JSONNode, _ decoding: ManifestDecoding) -> JobDraft? {
        let reportCount = decoding.reportCount
        let job = read(node, decoding)
        return decoding.reportCount == reportCount ? job : nil
    }

    /// Reads a job, its preset first, since the other keys change the preset's values. A value that cannot be read is
    /// reported and stays as in the preset (or empty), so that the rest can still be checked against the network.
    static func read(_ node: JSONNode, _ decoding: ManifestDecoding) -> JobDraft {
        let preset = node.member("preset")?.value.text.flatMap(Preset.named) ?? .default
        decoding.preset = preset
        var job = JobDraft(preset: preset)
        _ = table.decode(node, into: &job, decoding)
        return job
    }

    /// A photograph is what the films of one preset begin with.
    private func checkPhotograph(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard !reading.isBroken("preset") else { return }
        let name = Preset.photograph.name
        if let member = reading.member("photograph"), preset != name {
            decoding.report(
                at: member.keyOffset, .key("photograph"),
                message: "expected \"photograph\" beside \"preset\": \"\(name)\" only, found it beside \"\(preset)\": "
                    + "set the preset to \"\(name)\", or begin \"facets\" with {\"image\": ...}")
        } else if preset == name, reading.member("photograph") == nil, reading.member("facets") == nil {
            decoding.report(
                at: reading.node.range.lowerBound,
                message: "expected the key \"photograph\" (the path of a file) beside \"preset\": \"\(name)\", found "
                    + "none: name the picture with which the film is to begin")
        }
    }

    /// The facets for one layer.
    func facets(of layer: Layer, in network: NetworkDescription) -> [FacetSettings] {
        guard let presetOfFacets else { return facets }
        let facets = presetOfFacets.facets(of: layer, in: network)
        return photograph.map { path in facets.map { $0.ofPhotograph(path) } } ?? facets
    }

    /// Refuses two facets with the same name, and gives different names to facets without one.
    private mutating func settleFacetNames(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard let list = reading.member("facets")?.value.elements else { return }
        let isRead = !reading.isBroken("facets")
        var names: Set<String> = []
        for (index, node) in list.enumerated() {
            guard let member = node.member("name"), let name = member.value.text else { continue }
            let own = isRead ? facets[index].names : [name]
            if names.isDisjoint(with: own) {
                names.formUnion(own)
            } else {
                decoding.report(
                    at: member.value.range.lowerBound, .key("facets"), .index(index), .key("name"),
                    message: "expected a name of its own, found \(Printable.quoted(name)) for the second time: "
                        + "rename one of the facets")
            }
        }
        guard isRead else { return }
        for index in facets.indices where list[index].member("name") == nil {
            let name = facets[index].name
            var number = 1
            while !names.isDisjoint(with: facets[index].names) {
                number += 1
                facets[index].name = "\(name)-\(number)"
            }
            names.formUnion(facets[index].names)
        }
    }

    /// Checks the number of facets. A film leads from one facet to the next; a set counts with all its facets.
    private func checkFacetCount(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard let member = reading.goodMember("facets") else { return }
        let count = facets.reduce(0) { $0 + $1.count }
        guard !Self.facetCount.contains(count) else { return }
        decoding.report(
            at: member.value.range.lowerBound, .key("facets"),
            message: "expected \(Self.facetCount.lowerBound) to \(Self.facetCount.upperBound) facets, those of sets "
                + "counted one by one, found \(count)")
    }

    /// Without a report nothing would look at pictures.
    private func checkPictures(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard !trust, let member = reading.goodMember("trust"), reading.member("pictures") != nil else { return }
        decoding.report(
            at: member.value.range.lowerBound, .key("trust"),
            message:
                "expected true beside \"pictures\", which only the report looks at, found false: remove one of them")
    }

    /// A symmetric border can be no wider than the image.
    private func checkPads(_ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard !reading.isBroken("image"), let list = reading.goodMember("facets")?.value.elements else { return }
        let side = min(image.width, image.height)
        for (index, facet) in facets.enumerated() {
            guard case .explicit(let transforms) = facet.transforms, transforms.pad >= side,
                let member = list[index].member("transforms")?.value.member("pad")
            else { continue }
            decoding.report(
                at: member.value.range.lowerBound, .key("facets"), .index(index), .key("transforms"), .key("pad"),
                message: "expected less than the image's shorter side (\(side) px), found \(transforms.pad)")
        }
    }
}
