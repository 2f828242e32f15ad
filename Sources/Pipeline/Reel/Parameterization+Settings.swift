import FeatureVisualization
import JobManifest

extension Parameterization {
    /// The parameterization that a manifest's word means. This is the only place that knows both.
    /// - Parameter decorrelatesColors: nil if the manifest cannot say it.
    init(_ settings: ParameterizationSettings, decorrelatesColors: Bool? = nil) {
        let decorrelatesColors = decorrelatesColors ?? settings.decorrelatesColors
        switch settings {
        case .pixel: self = decorrelatesColors ? .decorrelatedPixels : .pixels
        case .fourier: self = decorrelatesColors ? .fourier : .plainColorFourier
        }
    }
}
