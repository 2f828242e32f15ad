import FeatureVisualization
import JobManifest

extension Parameterization {
    /// The parameterization that a manifest's word means. This is the only place that knows both.
    /// - Parameters:
    ///   - decorrelatesColors: nil if the manifest cannot say it.
    ///   - spectrum: of a Fourier image.
    init(
        _ settings: ParameterizationSettings, decorrelatesColors: Bool? = nil, spectrum: SpectrumSettings = .inverse
    ) {
        let decorrelatesColors = decorrelatesColors ?? settings.decorrelatesColors
        switch settings {
        case .pixel: self = decorrelatesColors ? .decorrelatedPixels : .pixels
        case .fourier:
            switch spectrum {
            case .inverse: self = decorrelatesColors ? .fourier : .plainColorFourier
            case .natural: self = decorrelatesColors ? .naturalFourier : .plainColorNaturalFourier
            }
        }
    }
}
