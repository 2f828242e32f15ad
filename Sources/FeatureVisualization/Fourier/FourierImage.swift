import ConvNet
import Foundation

/// An image as a spectrum of decorrelated colours (Mordvintsev et al., "Differentiable Image Parameterizations", 2018;
/// lucid's `fft_image` and `to_valid_rgb`; thesis section 3.4.6).
///
/// Parameters z `[real, imaginary][colour][row frequency][column frequency]`; t = irfft2(s z) / 4 with
/// s(f) = sqrt(height * width) / max(|f|, 1 / max(height, width)), f in cycles per pixel; rgb = sigmoid(C t) on 0...1;
/// the image is 2 rgb - 1.
final class FourierImage {
    /// Colour correlation of ImageNet (lucid), divided by its largest column norm.
    static let colours: [[Float]] = {
        let matrix: [[Double]] = [[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]]
        let norm = (0..<3).map { column in matrix.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot() }.max() ?? 1
        return matrix.map { $0.map { Float($0 / norm) } }
    }()

    let height: Int
    let width: Int
    private let fourier: RealFourierTransform2D
    /// s(f), `[row frequency][column frequency]`
    private let scales: [Float]
    private var scaled: [Float]
    /// Planes `[colour][y][x]`: t forward, its gradient backward.
    private var planes: [Float]
    /// rgb * (1 - rgb), `[channel][y][x]`, of the last image decoded.
    private var slopes: [Float]

    init(height: Int, width: Int) {
        self.height = height
        self.width = width
        fourier = RealFourierTransform2D(height: height, width: width, planes: 3)
        let size = Double(height * width).squareRoot()
        let lowest = 1 / Double(max(height, width))
        let halfWidth = fourier.halfWidth
        scales = (0..<height * halfWidth).map { index in
            let (y, x) = (index / halfWidth, index % halfWidth)
            let fy = Double(y <= (height - 1) / 2 ? y : y - height) / Double(height)
            let fx = Double(x) / Double(width)
            return Float(size / max((fy * fy + fx * fx).squareRoot(), lowest))
        }
        scaled = [Float](repeating: 0, count: fourier.spectrumCount)
        planes = [Float](repeating: 0, count: fourier.planeCount)
        slopes = planes
    }

    var parameterCount: Int { fourier.spectrumCount }

    /// Random parameters, N(0, .01^2) for real and imaginary part.
    func start(_ random: inout CounterRandom) -> [Float] { (0..<parameterCount).map { _ in 0.01 * random.normal() } }

    /// The image of some parameters, `[height, width, channel]` in -1...1.
    func decode(_ parameters: [Float], into image: inout Image) {
        precondition(parameters.count == parameterCount && image.height == height && image.width == width, "sizes agree")
        scale(parameters)
        scaled.withUnsafeBufferPointer { scaled in
            planes.withUnsafeMutableBufferPointer { planes in
                if let from = scaled.baseAddress, let to = planes.baseAddress { fourier.inverse(from, to, scale: 0.25) }
            }
        }
        let count = height * width
        planes.withUnsafeBufferPointer { planes in
            slopes.withUnsafeMutableBufferPointer { slopes in
                image.pixels.withUnsafeMutableBufferPointer { pixels in
                    forEachVector(count) { start in
                        let t0 = FourierImage.load(planes, start, count - start)
                        let t1 = FourierImage.load(planes, count + start, count - start)
                        let t2 = FourierImage.load(planes, 2 * count + start, count - start)
                        for channel in 0..<3 {
                            let row = FourierImage.colours[channel]
                            var sum = t0 * row[0]
                            sum = sum.addingProduct(t1, Vector(repeating: row[1]))
                            sum = sum.addingProduct(t2, Vector(repeating: row[2]))
                            let rgb = sigmoid(sum)
                            FourierImage.store(rgb * (1 - rgb), slopes, channel * count + start, count - start)
                            for lane in 0..<min(16, count - start) { pixels[(start + lane) * 3 + channel] = 2 * rgb[lane] - 1 }
                        }
                    }
                }
            }
        }
    }

    /// The adjoint of the last `decode`: a gradient by the image to a gradient by the parameters.
    func pullBack(_ gradient: Image, into result: inout [Float]) {
        let count = height * width
        planes.withUnsafeMutableBufferPointer { planes in
            slopes.withUnsafeBufferPointer { slopes in
                gradient.pixels.withUnsafeBufferPointer { pixels in
                    forEachVector(count) { start in
                        var sums = (Vector.zero, Vector.zero, Vector.zero)
                        for channel in 0..<3 {
                            var value = Vector.zero
                            for lane in 0..<min(16, count - start) { value[lane] = pixels[(start + lane) * 3 + channel] }
                            // d(2 rgb - 1) = 2 rgb (1 - rgb) d(C t), and t carries the 1/4.
                            value *= FourierImage.load(slopes, channel * count + start, count - start) * 0.5
                            let row = FourierImage.colours[channel]
                            sums.0 = sums.0.addingProduct(value, Vector(repeating: row[0]))
                            sums.1 = sums.1.addingProduct(value, Vector(repeating: row[1]))
                            sums.2 = sums.2.addingProduct(value, Vector(repeating: row[2]))
                        }
                        FourierImage.store(sums.0, planes, start, count - start)
                        FourierImage.store(sums.1, planes, count + start, count - start)
                        FourierImage.store(sums.2, planes, 2 * count + start, count - start)
                    }
                }
            }
        }
        planes.withUnsafeBufferPointer { planes in
            result.withUnsafeMutableBufferPointer { result in
                if let from = planes.baseAddress, let to = result.baseAddress { fourier.forward(from, to) }
                scaleAdjoint(result)
            }
        }
    }

    /// Parameters whose image is `image` (clipped to .02....98 of the range): a foreign picture in this space.
    func encode(_ image: Image) -> [Float] {
        let inverse = FourierImage.inverseColours
        let count = height * width
        var source = [Float](repeating: 0, count: 3 * count)
        for pixel in 0..<count {
            let logits = (0..<3).map { channel -> Double in
                let value = min(max((Double(image.pixels[pixel * 3 + channel]) + 1) / 2, 0.02), 0.98)
                return log(value / (1 - value))
            }
            for colour in 0..<3 {
                source[colour * count + pixel] = Float(4 * (0..<3).reduce(0) { $0 + inverse[colour][$1] * logits[$1] })
            }
        }
        var result = [Float](repeating: 0, count: parameterCount)
        source.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { result in
                if let from = source.baseAddress, let to = result.baseAddress { fourier.forward(from, to) }
            }
        }
        let places = scales.count
        for index in result.indices { result[index] /= scales[index % places] }
        return result
    }

    /// C^-1 (Cramer's rule).
    private static let inverseColours: [[Double]] = {
        let m = colours.map { $0.map(Double.init) }
        func minor(_ r: Int, _ c: Int) -> Double {
            let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3)
            return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
        }
        let determinant = (0..<3).reduce(0) { $0 + m[0][$1] * minor(0, $1) }
        return (0..<3).map { row in (0..<3).map { minor($0, row) / determinant } }
    }()

    private func scale(_ parameters: [Float]) {
        let places = scales.count
        scaled.withUnsafeMutableBufferPointer { scaled in
            parameters.withUnsafeBufferPointer { parameters in
                scales.withUnsafeBufferPointer { scales in
                    for plane in 0..<6 {
                        for index in 0..<places { scaled[plane * places + index] = parameters[plane * places + index] * scales[index] }
                    }
                }
            }
        }
    }

    /// The adjoint of s and irfft2: a column frequency stands for itself and its mirror, except the first and Nyquist's.
    private func scaleAdjoint(_ gradient: UnsafeMutableBufferPointer<Float>) {
        let (places, halfWidth) = (scales.count, fourier.halfWidth)
        let once = 1 / Float(height * width)
        scales.withUnsafeBufferPointer { scales in
            for plane in 0..<6 {
                for index in 0..<places { gradient[plane * places + index] *= scales[index] * 2 * once }
                for y in 0..<height {
                    gradient[plane * places + y * halfWidth] *= 0.5
                    if width % 2 == 0 { gradient[plane * places + (y + 1) * halfWidth - 1] *= 0.5 }
                }
            }
        }
    }

    @inline(__always) private func forEachVector(_ count: Int, _ body: (Int) -> Void) {
        var start = 0
        while start < count {
            body(start)
            start += 16
        }
    }

    @inline(__always) private static func load(_ values: UnsafeBufferPointer<Float>, _ index: Int, _ count: Int) -> Vector {
        load(UnsafeMutableBufferPointer(mutating: values), index, count)
    }

    @inline(__always) private static func load(_ values: UnsafeMutableBufferPointer<Float>, _ index: Int, _ count: Int) -> Vector {
        if count >= 16, let base = values.baseAddress { return UnsafeRawPointer(base + index).loadUnaligned(as: Vector.self) }
        var vector = Vector.zero
        for lane in 0..<min(16, count) { vector[lane] = values[index + lane] }
        return vector
    }

    @inline(__always) private static func store(_ vector: Vector, _ values: UnsafeMutableBufferPointer<Float>, _ index: Int, _ count: Int) {
        if count >= 16, let base = values.baseAddress {
            UnsafeMutableRawPointer(base + index).storeBytes(of: vector, as: Vector.self)
        } else {
            for lane in 0..<min(16, count) { values[index + lane] = vector[lane] }
        }
    }
}
