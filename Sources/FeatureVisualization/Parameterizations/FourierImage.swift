import ConvNet
import Foundation

/// An image as a spectrum of decorrelated colours (Mordvintsev et al., "Differentiable Image Parameterizations", 2018;
/// lucid's `fft_image` and `to_valid_rgb`; thesis section 3.4.6).
///
/// Parameters z `[real, imaginary][colour][row frequency: height][column frequency: width / 2 + 1]`;
/// t = irfft2(s z) / 4 with s(f) = sqrt(height * width) / max(|f|, 1 / max(height, width)), f in cycles per pixel, or
/// another `SpectrumScale`;
/// rgb = sigmoid(C t) on 0...1, so that the image in -1...1 is 2 rgb - 1 = tanh(C t / 2).
///
/// Owns its scratch: one per worker.
final class FourierImage: ImageCodec {
    /// The least height and width: sixteen column frequencies are one vector.
    static let minimumSize = 32

    let height: Int
    let width: Int
    /// width / 2 + 1
    let halfWidth: Int
    /// C, `[channel][colour]`; the identity where colours are not decorrelated.
    let colors: InlineArray<9, Float>
    /// (C C^T)^-1, `[channel][channel]`
    let inverseColors: [[Double]]
    /// The transform of the rows, of length `width`.
    let rows: FourierTransform
    /// The transform of the columns, of length `height`.
    let columns: FourierTransform
    /// s(f)
    let scale: SpectrumScale
    /// Blocks of sixteen column frequencies.
    let frequencyStarts: [Int]
    /// Blocks of sixteen rows, an even number of them: two real rows are transformed as one complex row.
    let rowStarts: [Int]
    /// Blocks of sixteen pixels of a row.
    let pixelStarts: [Int]
    /// s / (4 height width), `[frequency block][row frequency]`: from z to what the Fourier sums need.
    let gains: Buffer<Vector>
    /// The same for the way back, where an inner column frequency stands for its mirror too.
    let adjointGains: Buffer<Vector>
    /// The spectrum with its columns transformed, `[colour][row block][column frequency]`, one lane for each row.
    let half: Buffer<ComplexVector>
    /// One block of columns `[row frequency]`, or sixteen pairs of rows `[colour][x]`.
    let work: Buffer<ComplexVector>
    /// Two blocks of sixteen rows of sixteen pixels, `[block][pixel][channel]`.
    let pixelWork: Buffer<Vector>

    init(height: Int, width: Int, decorrelatesColors: Bool = true, scale: SpectrumScale = .inverse) {
        precondition(min(height, width) >= FourierImage.minimumSize, "a Fourier image has at least 32 x 32 pixels")
        self.height = height
        self.width = width
        self.scale = scale
        colors = decorrelatesColors ? ColorCorrelation.matrix : ColorCorrelation.identity
        inverseColors = decorrelatesColors ? ColorCorrelation.inverseSquare : [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        let halfWidth = width / 2 + 1
        self.halfWidth = halfWidth
        rows = FourierTransform(length: width)
        columns = FourierTransform(length: height)
        frequencyStarts = blockStarts(covering: halfWidth)
        pixelStarts = blockStarts(covering: width)
        let starts = blockStarts(covering: height)
        rowStarts = starts.count.isMultiple(of: 2) ? starts : starts + [height - vectorWidth]
        let scales = scale.values(height: height, width: width)
        gains = Buffer(count: frequencyStarts.count * height)
        adjointGains = Buffer(count: frequencyStarts.count * height)
        for (block, start) in frequencyStarts.enumerated() {
            for y in 0..<height {
                for lane in 0..<vectorWidth {
                    let gain = scales[y * halfWidth + start + lane] / Double(4 * height * width)
                    gains.base[block * height + y][lane] = Float(gain)
                    let count = FourierImage.occurrences(of: start + lane, width: width)
                    adjointGains.base[block * height + y][lane] = Float(gain * count)
                }
            }
        }
        half = Buffer(count: 3 * rowStarts.count * halfWidth)
        work = Buffer(count: max(height, 3 * width))
        pixelWork = Buffer(count: 2 * vectorWidth * Image.channelCount)
    }

    var parameterCount: Int { 6 * height * halfWidth }

    /// How often a column frequency occurs in a row's whole spectrum: the inner ones have a mirror.
    static func occurrences(of frequency: Int, width: Int) -> Double {
        frequency == 0 || 2 * frequency == width ? 1 : 2
    }

    /// Where one colour's spectra of a block of sixteen rows lie in `half`.
    @inline(__always) func spectra(_ color: Int, _ rowBlock: Int) -> UnsafeMutablePointer<ComplexVector> {
        half.base + (color * rowStarts.count + rowBlock) * halfWidth
    }

    /// |f| in cycles per pixel, `[row frequency][column frequency]`
    static func frequencies(height: Int, width: Int) -> [Double] {
        (0..<height).flatMap { y in
            (0...width / 2).map { x in
                // The upper half of the row frequencies are the negative ones.
                let fy = Double(2 * y < height ? y : y - height) / Double(height)
                let fx = Double(x) / Double(width)
                return (fy * fy + fx * fx).squareRoot()
            }
        }
    }
}
