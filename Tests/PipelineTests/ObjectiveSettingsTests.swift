import ConvNet
import Testing

@testable import JobManifest
@testable import Pipeline

@Suite struct ObjectiveSettingsTests {
    @Test(arguments: [
        (ObjectiveSettings.channel, Objective.unit(7)),
        (ObjectiveSettings(kind: .neuron), .neuron(unit: 7, at: .init(x: 0.5, y: 0.5))),
        (ObjectiveSettings(kind: .neuron, x: 0.25, y: 1), .neuron(unit: 7, at: .init(x: 0.25, y: 1))),
        (ObjectiveSettings(kind: .position, y: 0), .position(at: .init(x: 0.5, y: 0))),
        (
            ObjectiveSettings(kind: .direction, weights: [.init(unit: 2, weight: -0.5)]),
            .direction([.init(unit: 7, weight: 1), .init(unit: 2, weight: -0.5)])
        ),
        (
            ObjectiveSettings(kind: .cosine, weights: [.init(unit: 2, weight: 1), .init(unit: 7, weight: 3)]),
            .cosine([.init(unit: 2, weight: 1), .init(unit: 7, weight: 3)])
        ),
    ])
    func `an objective means what the manifest says`(settings: ObjectiveSettings, expected: Objective) {
        #expect(Objective(settings, unit: 7) == expected)
    }

    @Test func `every objective has a name of its own in a film`() {
        let names = ObjectiveSettings.Kind.allCases.map { ObjectiveSettings(kind: $0).quantity }
        #expect(Set(names).count == names.count && names.allSatisfy { !$0.isEmpty }, "\(names)")
        #expect(ObjectiveSettings.channel.quantity == "mean activation")
    }
}
