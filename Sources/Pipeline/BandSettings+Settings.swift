import ElasticBand
import JobManifest

extension BandSettings {
    /// - Throws: `BandError.outOfRange`; the ranges that a manifest is held to are narrower.
    init(_ settings: NEBSettings) throws {
        try self.init(
            pivots: settings.pivots, interpolations: settings.interpolations, steps: settings.steps,
            refinementSteps: settings.refinementSteps, learningRate: settings.learningRate)
    }
}

extension NEBSettings {
    /// Lambda for an image size: the penalty is a sum over pixels, and the manifest states it for 224 x 224.
    func totalVariation(height: Int, width: Int) -> Double {
        totalVariation * (224 * 224) / Double(height * width)
    }
}
