import ConvNet
import Foundation

/// A bilateral filter as OpenCV's `bilateralFilter` has it: a round neighbourhood, colours compared by the sum of
/// absolute differences over the channels, border reflect-101 (thesis section 3.4.4).
public struct BilateralFilter: Sendable, Equatable, Codable {
    /// Diameter of the neighbourhood in pixels.
    public var kernel: Int
    /// Standard deviation over colour differences, of an image in -1...1.
    public var sigmaColor: Double
    /// Standard deviation over distances, in pixels.
    public var sigmaSpace: Double
    /// Applied after the first step and then after every `every`-th one: 2 means the first, third, fifth ...
    public var every: Int

    public init(kernel: Int, sigmaColor: Double, sigmaSpace: Double, every: Int) {
        self.kernel = kernel
        self.sigmaColor = sigmaColor
        self.sigmaSpace = sigmaSpace
        self.every = every
    }

    public func filter(_ image: Image) -> Image {
        guard kernel / 2 > 0, sigmaColor > 0, sigmaSpace > 0 else { return image }
        let planes = PaddedPlanes(image, radius: kernel / 2)
        let neighbours = neighbours(stride: planes.stride)
        let falloff = Vector(repeating: Float(-1 / (2 * sigmaColor * sigmaColor)))
        let starts = blockStarts(covering: image.width)
        var result = image
        result.pixels.withUnsafeMutableBufferPointer { result in
            for y in 0..<image.height {
                for x in starts {
                    let own = planes.colors(at: planes.place(x, y))
                    var (sums, total) = ((Vector.zero, Vector.zero, Vector.zero), Vector.zero)
                    for neighbour in neighbours {
                        let other = planes.colors(at: planes.place(x, y) + neighbour.offset)
                        let difference =
                            magnitude(other.0 - own.0) + magnitude(other.1 - own.1) + magnitude(other.2 - own.2)
                        let weight =
                            exponential(difference * difference * falloff) * Vector(repeating: neighbour.weight)
                        sums.0.addProduct(weight, other.0)
                        sums.1.addProduct(weight, other.1)
                        sums.2.addProduct(weight, other.2)
                        total += weight
                    }
                    let (red, green, blue) = (sums.0 / total, sums.1 / total, sums.2 / total)
                    let place = (y * image.width + x) * Image.channelCount
                    for lane in 0..<vectorWidth {
                        result[place + 3 * lane] = red[lane]
                        result[place + 3 * lane + 1] = green[lane]
                        result[place + 3 * lane + 2] = blue[lane]
                    }
                }
            }
        }
        return result
    }

    /// Places within the radius, relative to a pixel, and their weights by distance.
    private func neighbours(stride: Int) -> [(offset: Int, weight: Float)] {
        let radius = kernel / 2
        return (-radius...radius).flatMap { y in
            (-radius...radius).compactMap { x in
                let square = x * x + y * y
                guard square <= radius * radius else { return nil }
                return (y * stride + x, Float(exp(-Double(square) / (2 * sigmaSpace * sigmaSpace))))
            }
        }
    }

    @inline(__always) private func magnitude(_ value: Vector) -> Vector {
        value.replacing(with: -value, where: value .< .zero)
    }
}

/// An image's channels as planes of their own with a reflected border around them.
private struct PaddedPlanes {
    let stride: Int
    private let radius: Int
    private let planeCount: Int
    private let values: Buffer<Float>

    init(_ image: Image, radius: Int) {
        self.radius = radius
        stride = image.width + 2 * radius
        planeCount = stride * (image.height + 2 * radius)
        values = Buffer(count: planeCount * Image.channelCount)
        let columns = (-radius..<image.width + radius).map { Border.reflected($0, image.width) * Image.channelCount }
        image.pixels.withUnsafeBufferPointer { pixels in
            for y in -radius..<image.height + radius {
                let row = Border.reflected(y, image.height) * image.width * Image.channelCount
                for (x, column) in columns.enumerated() {
                    let place = (y + radius) * stride + x
                    for channel in 0..<Image.channelCount {
                        values.base[channel * planeCount + place] = pixels[row + column + channel]
                    }
                }
            }
        }
    }

    @inline(__always) func place(_ x: Int, _ y: Int) -> Int { (y + radius) * stride + x + radius }

    /// Sixteen neighbouring pixels' channels.
    @inline(__always) func colors(at place: Int) -> (Vector, Vector, Vector) {
        (
            values.base.vector(at: place), values.base.vector(at: planeCount + place),
            values.base.vector(at: 2 * planeCount + place)
        )
    }
}
