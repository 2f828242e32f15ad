import Foundation

/// How large a step each frequency of a Fourier image takes: a number of the spectrum times s(f) is an amplitude, so an
/// optimiser that moves all numbers alike moves frequencies by s(f).
enum SpectrumScale: Sendable, Equatable {
    /// 1/f (Mordvintsev et al., "Differentiable Image Parameterizations", 2018; lucid's `fft_image`).
    case inverse
    /// The mean amplitudes of photographs, which fall faster towards the finest frequencies: details are calmer, and
    /// activations survive a blur better (METHODS "Second edition", "Natural spectrum").
    case natural

    /// s(f), `[row frequency][column frequency]`, with the same Euclidean norm for each kind.
    func values(height: Int, width: Int) -> [Double] {
        let frequencies = FourierImage.frequencies(height: height, width: width)
        let size = Double(height * width).squareRoot()
        let lowest = 1 / Double(max(height, width))
        let inverse = frequencies.map { size / max($0, lowest) }
        guard self == .natural else { return inverse }
        let natural = frequencies.map { Self.amplitude(at: max($0, lowest)) }
        func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let scale = norm(inverse) / norm(natural)
        return natural.map { $0 * scale }
    }

    /// The amplitude of photographs at a frequency in cycles per pixel; straight lines between the table's logarithms,
    /// and on beyond its ends.
    static func amplitude(at frequency: Double) -> Double {
        let place = log(frequency)
        let next = min(max(logarithms.firstIndex { $0.frequency > place } ?? logarithms.count, 1), logarithms.count - 1)
        let (a, b) = (logarithms[next - 1], logarithms[next])
        return exp(a.amplitude + (b.amplitude - a.amplitude) * (place - a.frequency) / (b.frequency - a.frequency))
    }

    private static let logarithms = photographs.map { (frequency: log($0.frequency), amplitude: log($0.amplitude)) }

    /// Mean amplitudes by frequency (cycles per pixel), in thousandths: the first of the decorrelated colours, averaged
    /// over all directions, in `spectrum_decorrelated.npy` of the Python package xplique 2.0.2 (MIT licence), which its
    /// authors measured on ImageNet's photographs for MACO (Fel et al., "Unlocking Feature Visualization for Deeper
    /// Networks with MAgnitude Constrained Optimization", 2023). The other two colours are within 15 % of it up to .25.
    private static let photographs: [(frequency: Double, amplitude: Double)] = [
        (0.0022, 75), (0.0042, 36), (0.0064, 22), (0.0104, 11.6), (0.0166, 6.8), (0.0259, 3.8), (0.0411, 2.06),
        (0.0649, 1.06), (0.1025, 0.53), (0.1619, 0.25), (0.2035, 0.16), (0.2558, 0.096), (0.3216, 0.049),
        (0.4042, 0.018), (0.4984, 0.0024), (0.61, 0.00016),
    ]
}

/// The spectrum of photographs.
public enum PhotographSpectrum {
    /// Their mean amplitude at a frequency above 0, in cycles per pixel, on a scale of its own.
    public static func amplitude(at frequency: Double) -> Double { SpectrumScale.amplitude(at: frequency) }
}
