import ElasticBand
import Testing

@testable import JobManifest
@testable import Pipeline

@Suite struct BandSettingsTests {
    private func neb(pivots: Int) -> NEBSettings {
        NEBSettings(
            pivots: pivots, interpolations: 2, steps: 8, refinementSteps: 4, learningRate: 0.002, totalVariation: 3)
    }

    @Test func `the settings of a manifest's band are those of the band itself`() throws {
        let settings = try BandSettings(neb(pivots: 4))
        let expected = try BandSettings(
            pivots: 4, interpolations: 2, steps: 8, refinementSteps: 4, learningRate: 0.002)
        #expect(settings == expected)
        #expect(settings.imagesBetweenFacets == 14)
    }

    @Test func `every choice reaches the band`() throws {
        let settings = try BandSettings(
            NEBSettings(
                pivots: 9, levels: [2, 4], interpolations: 1, steps: 3, climbingSteps: 7, optimizer: .adam,
                learningRate: 0.1, stepControl: true, smoothing: 2, tangent: .central, freezing: 1.5, stop: .settled))
        #expect(settings.levels == [2, 4] && settings.climbingSteps == 7 && settings.stepLimit == 16)
        #expect(
            settings.rules
                == StepRules(
                    optimizer: .adam, tangent: .central, smoothing: 2, controlsSteps: true, freezing: 1.5,
                    stop: .settled))
        #expect(try BandSettings(neb(pivots: 4)).rules == StepRules())
    }

    @Test func `a setting out of range is a clear error`() {
        let error = #expect(throws: ReelError.self) {
            try ReelError.at("neb") { try BandSettings(neb(pivots: 0)) }
        }
        #expect(error?.description == "neb: pivots: expected an integer in 1...10000, found 0")
    }

    @Test func `the penalty is stated for 224 pixels and scaled to other sizes`() {
        #expect(neb(pivots: 4).totalVariation(height: 224, width: 224) == 3)
        #expect(neb(pivots: 4).totalVariation(height: 112, width: 56) == 24)
    }
}
