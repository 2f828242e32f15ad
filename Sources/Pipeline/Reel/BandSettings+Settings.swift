import ElasticBand
import FeatureVisualization
import JobManifest

extension BandSettings {
    /// - Parameter baseline: the activation of a flat grey image.
    /// - Throws: `BandError.outOfRange`; the ranges that a manifest is held to are narrower.
    public init(_ settings: NEBSettings, baseline: Double = 0) throws {
        try self.init(
            pivots: settings.pivots, levels: settings.levels, interpolations: settings.interpolations,
            steps: settings.steps, extraSteps: settings.extraSteps, climbingSteps: settings.climbingSteps,
            refinementSteps: settings.refinementSteps, learningRate: settings.learningRate,
            rules: StepRules(settings, baseline: baseline))
    }
}

extension StepRules {
    fileprivate init(_ settings: NEBSettings, baseline: Double) {
        let optimizer: Optimizer =
            switch settings.optimizer {
            case .plain: .plain
            case .adam: .adam
            }
        let tangent: Tangent =
            switch settings.tangent {
            case .lower: .lower
            case .central: .central
            case .none: .none
            }
        let stop: BandStop =
            switch settings.stop {
            case .reachedEnds: .reachedEnds
            case .settled: .settled
            case .stepLimit: .stepLimit
            }
        self.init(
            optimizer: optimizer, tangent: tangent, smoothing: settings.smoothing,
            controlsSteps: settings.stepControl, freezing: settings.freezing, stop: stop,
            baseline: baseline)
    }
}

extension NEBSettings {
    /// Lambda for an image size: the penalty is a sum over pixels, and the manifest states it for 224 x 224.
    func totalVariation(height: Int, width: Int) -> Double {
        totalVariation * (224 * 224) / Double(height * width)
    }

    /// The space in which the band's images lie.
    public func imageSpace(height: Int, width: Int) -> ImageSpace {
        ImageSpace(
            Parameterization(space), height: height, width: width, preservesNorms: mix == .normPreserving)
    }
}
