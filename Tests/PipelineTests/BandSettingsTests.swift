import ElasticBand
import JobManifest
import Testing

@testable import Pipeline

@Suite struct BandSettingsTests {
    private func neb(pivots: Int) -> NEBSettings {
        NEBSettings(
            pivots: pivots, interpolations: 2, steps: 8, refinementSteps: 4, learningRate: 0.002, totalVariation: 3)
    }

    @Test func aManifestsBandIsTheBandsOwn() throws {
        let settings = try BandSettings(neb(pivots: 4))
        let expected = try BandSettings(
            pivots: 4, interpolations: 2, steps: 8, refinementSteps: 4, learningRate: 0.002)
        #expect(settings == expected)
        #expect(settings.imagesBetweenFacets == 14)
    }

    @Test func aSettingOutOfRangeIsAClearError() {
        let error = #expect(throws: ReelError.self) {
            try ReelError.at("neb") { try BandSettings(neb(pivots: 0)) }
        }
        #expect(error?.description == "neb: pivots: expected an integer in 1...10000, found 0")
    }

    @Test func thePenaltyIsStatedFor224PixelsAndScaledToOthers() {
        #expect(neb(pivots: 4).totalVariation(height: 224, width: 224) == 3)
        #expect(neb(pivots: 4).totalVariation(height: 112, width: 56) == 24)
    }
}
