import ConvNet
import Foundation

/// The correlation of colours in ImageNet (lucid's `color_correlation_svd_sqrt`), divided by its largest column norm:
/// rgb = sigmoid(C t) for decorrelated colours t (Olah et al., "Feature Visualization", 2017; thesis section 3.4.6).
enum ColorCorrelation {
    /// C, `[channel][colour]`
    static let matrix = InlineArray<9, Float> { Float(doubles[$0 / 3][$0 % 3]) }

    /// Takes the place of C if the colours are not decorrelated.
    static let identity = InlineArray<9, Float> { $0 % 4 == 0 ? 1 : 0 }

    /// (C C^T)^-1, `[channel][channel]`, by Cramer's rule.
    static let inverseSquare: [[Double]] = {
        let square = (0..<3).map { row in
            (0..<3).map { column in zip(doubles[row], doubles[column]).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        func minor(_ r: Int, _ c: Int) -> Double {
            let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3)
            return square[r1][c1] * square[r2][c2] - square[r1][c2] * square[r2][c1]
        }
        let determinant = (0..<3).reduce(0) { $0 + square[0][$1] * minor(0, $1) }
        return (0..<3).map { row in (0..<3).map { minor($0, row) / determinant } }
    }()

    /// logit(rgb) of one pixel, its rgb clipped to .02....98. This is C t, where t are the pixel's decorrelated
    /// colours.
    static func logits(of image: Image, at pixel: Int) -> [Double] {
        (0..<3).map { channel in
            let rgb = min(max((Double(image.pixels[3 * pixel + channel]) + 1) / 2, 0.02), 0.98)
            return log(rgb / (1 - rgb))
        }
    }

    private static let doubles: [[Double]] = {
        let matrix: [[Double]] = [[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]]
        let norms = (0..<3).map { column in matrix.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot() }
        return matrix.map { $0.map { $0 / (norms.max() ?? 1) } }
    }()
}
