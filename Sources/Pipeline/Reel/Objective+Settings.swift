import ConvNet
import JobManifest

extension ObjectiveSettings {
    /// The name of the objective's values in a film.
    var quantity: String {
        switch kind {
        case .channel: "mean activation"
        case .neuron: "activation at one place"
        case .position: "mean of all units at one place"
        case .direction: "mean activation along a direction"
        case .cosine: "mean cosine with a direction"
        }
    }
}

extension Objective {
    /// What a manifest's objective means for one unit.
    init(_ settings: ObjectiveSettings, unit: Int) {
        let place = Place(x: settings.x, y: settings.y)
        switch settings.kind {
        case .channel: self = .unit(unit)
        case .neuron: self = .neuron(unit: unit, at: place)
        case .position: self = .position(at: place)
        case .direction: self = .direction(Self.weights(settings, unit: unit))
        case .cosine: self = .cosine(Self.weights(settings, unit: unit))
        }
    }

    /// The job's unit has weight 1 where it is not listed itself.
    private static func weights(_ settings: ObjectiveSettings, unit: Int) -> [UnitWeight] {
        let listed = settings.weights.map { UnitWeight(unit: $0.unit, weight: Float($0.weight)) }
        return listed.contains { $0.unit == unit } ? listed : [UnitWeight(unit: unit, weight: 1)] + listed
    }
}
