/// What the images of a film maximise: a number made of the layer's activations.
public struct ObjectiveSettings: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Equatable, Codable, CaseIterable {
        /// The spatial mean of the unit (thesis eq. 3.1).
        case channel
        /// The unit at one place.
        case neuron
        /// The mean of all units at one place.
        case position
        /// The spatial mean of a weighted sum of units.
        case direction
        /// The spatial mean of the cosine between the activations and a direction.
        case cosine

        var hasPlace: Bool { self == .neuron || self == .position }
        var hasWeights: Bool { self == .direction || self == .cosine }
    }

    /// The weight of a unit in a direction. The job's own unit has weight 1 unless it is listed, too.
    public struct UnitWeight: Sendable, Equatable, Codable {
        /// Counted from 0.
        public var unit: Int
        /// Not 0.
        public var weight: Double
    }

    public var kind: Kind
    /// For neurons and positions: where, as a part of the map's width, 0...1.
    public var x = 0.5
    /// For neurons and positions: where, as a part of the map's height, 0...1.
    public var y = 0.5
    /// For directions and cosines.
    public var weights: [UnitWeight] = []

    public static let channel = ObjectiveSettings(kind: .channel)
}

extension ObjectiveSettings: ManifestObject {
    static let definitionName = "objective"

    static let table = FieldTable<ObjectiveSettings>(
        noun: "an objective", summary: "What the images maximise: a number made of the layer's activations.",
        fields: [
            Field(
                "kind", \.kind, .choice(), isRequired: true,
                "channel: the spatial mean of the unit. neuron: the unit at one place. position: the mean of all units "
                    + "at one place (unit only names the film's folder). direction: the spatial mean of a weighted sum "
                    + "of units. cosine: the spatial mean of the cosine between the activations and that direction."),
            Field(
                "x", .number(0...1), "Of a neuron or position: where, as a part of the map's width.",
                set: { $0.x = $1 }, get: { $0.kind.hasPlace ? $0.x : nil }),
            Field(
                "y", .number(0...1), "Of a neuron or position: where, as a part of the map's height.",
                set: { $0.y = $1 }, get: { $0.kind.hasPlace ? $0.y : nil }),
            Field(
                "weights", UnitWeight.list,
                "Of a direction or cosine: other units and their weights; the job's unit has weight 1 unless it is "
                    + "listed too.",
                set: { $0.weights = $1 }, get: { $0.kind.hasWeights ? $0.weights : nil }),
        ],
        finish: { objective, reading, decoding in
            guard reading.goodMember("kind") != nil else { return }
            for key in ["x", "y"] where !objective.kind.hasPlace { objective.refuse(key, reading, decoding) }
            if !objective.kind.hasWeights { objective.refuse("weights", reading, decoding) }
            if objective.kind.hasWeights, reading.member("weights") == nil {
                decoding.report(
                    at: reading.node.range.lowerBound,
                    message: "expected the key \"weights\" (\(UnitWeight.list.expectation)), found none in a "
                        + objective.kind.rawValue)
            }
        })

    /// A word if the objective needs nothing else, or an object.
    static let wordOrObject = Shape<ObjectiveSettings>.either(
        Shape<Kind>.choice([Kind.channel, .neuron, .position].map { ($0.rawValue, $0) }).mapped(
            { ObjectiveSettings(kind: $0) },
            { $0 == ObjectiveSettings(kind: $0.kind) && !$0.kind.hasWeights ? $0.kind : nil }),
        shape)

    init(preset: Preset) {
        self = .channel
    }

    private func refuse(_ key: String, _ reading: FieldReading, _ decoding: ManifestDecoding) {
        guard let member = reading.member(key) else { return }
        decoding.report(
            at: member.keyOffset, .key(key),
            message: "expected no \"\(key)\" in an objective of the kind \"\(kind.rawValue)\", found one: remove it")
    }
}

extension ObjectiveSettings.UnitWeight: ManifestObject {
    static let definitionName = "unitWeight"

    static let table = FieldTable<Self>(
        noun: "a unit's weight", summary: "A unit's part in a direction.",
        fields: [
            Field("unit", \.unit, .integer(0...999_999), isRequired: true, "The unit, counted from 0."),
            Field("weight", \.weight, .number(-1000...1000), isRequired: true, "Its weight, not 0."),
        ],
        finish: { entry, reading, decoding in
            guard let member = reading.goodMember("weight"), entry.weight == 0 else { return }
            decoding.report(
                at: member.value.range.lowerBound, .key("weight"),
                message: "expected a weight other than 0, found 0: leave the unit out")
        })

    /// Each unit once.
    static let list = Shape<[Self]>.list(of: shape, count: 1...2000, "units with weights").checked {
        entries, node, decoding in
        var seen: Set<Int> = []
        for (index, entry) in entries.enumerated() where !seen.insert(entry.unit).inserted {
            decoding.report(
                at: node.elements[index].range.lowerBound, .index(index),
                message: "expected every unit once, found unit \(entry.unit) again")
        }
    }

    init(preset: Preset) {
        self.init(unit: 0, weight: 1)
    }
}
