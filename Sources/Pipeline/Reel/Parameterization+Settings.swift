import FeatureVisualization
import JobManifest

extension Parameterization {
    /// What a manifest's word means: the one place that knows both.
    /// - Parameter decorrelatesColors: nil where the manifest cannot say it.
    init(_ settings: ParameterizationSettings, decorrelatesColors: Bool? = nil) {
        let decorrelatesColors = decorrelatesColors ?? settings.decorrelatesColors
        switch settings {
        case .pixel: self = decorrelatesColors ? .decorrelatedPixels : .pixels
        case .fourier: self = decorrelatesColors ? .fourier : .plainColorFourier
        }
    }
}
