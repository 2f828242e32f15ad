import ConvNet
import Foundation

@testable import FeatureVisualization

/// Images and sources made for tests.
enum Synthetic {
    /// Normal noise of a standard deviation, the same for the same seed.
    static func noise(height: Int, width: Int, deviation: Float = 1, seed: UInt64) -> Image {
        var random = CounterRandom(seed: seed, stage: "test noise", step: 0, index: 0)
        return Image(
            height: height, width: width, pixels: (0..<height * width * 3).map { _ in deviation * random.normal() })
    }

    /// Waves in all directions and channels, within -1...1.
    static func waves(height: Int, width: Int) -> Image {
        var image = Image(height: height, width: width)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let (u, v, c) = (Double(x), Double(y), Double(channel))
                    image.pixels[(y * width + x) * 3 + channel] = Float(
                        0.5 * sin(0.35 * u + 0.11 * v * (c + 1)) + 0.4 * cos(0.9 * v - 0.2 * u * c))
                }
            }
        }
        return image
    }

    static func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

    static func norm(_ a: [Float]) -> Double { dot(a, a).squareRoot() }

    static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}

/// The mean of a pattern times the image: the gradient is the pattern, whatever the image.
class LinearSource: ActivationSource {
    let pattern: Image
    private(set) var evaluations = 0

    init(_ pattern: Image) { self.pattern = pattern }

    func activation(of image: Image) throws -> Float {
        evaluations += 1
        return Float(Synthetic.dot(image.pixels, pattern.pixels) / Double(pattern.pixels.count))
    }

    func activation(of image: Image, gradient: inout Image) throws -> Float {
        let scale = 1 / Float(pattern.pixels.count)
        for index in gradient.pixels.indices { gradient.pixels[index] = pattern.pixels[index] * scale }
        return try activation(of: image)
    }
}

/// Falls off with the mean square distance from a soft blob: smooth, bounded, curved, and still there after a transform.
final class SmoothSource: ActivationSource {
    let target: Image

    init(height: Int, width: Int) {
        var target = Image(height: height, width: width)
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (Double(2 * x) / Double(width - 1) - 1, Double(2 * y) / Double(height - 1) - 1)
                for channel in 0..<3 {
                    target.pixels[(y * width + x) * 3 + channel] = Float(
                        (0.9 - 0.3 * Double(channel)) * exp(-2 * (u * u + v * v)) - 0.3)
                }
            }
        }
        self.target = target
    }

    func activation(of image: Image) throws -> Float { Float(1 - squares(image) / Double(target.pixels.count)) }

    func activation(of image: Image, gradient: inout Image) throws -> Float {
        let scale = 2 / Float(target.pixels.count)
        for index in gradient.pixels.indices {
            gradient.pixels[index] = scale * (target.pixels[index] - image.pixels[index])
        }
        return try activation(of: image)
    }

    private func squares(_ image: Image) -> Double {
        zip(image.pixels, target.pixels).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }
}

extension ActivationSource {
    func redirectedGradient(of image: Image, into gradient: inout Image) throws {}
}

extension Penalty {
    /// A penalty's value and its derivative by the image.
    struct Value: Equatable {
        var value: Double
        var gradient: Image
    }

    static func l1(of image: Image) -> Value {
        var gradient = Image(height: image.height, width: image.width)
        return Value(value: addL1(of: image, scale: 1, to: &gradient), gradient: gradient)
    }

    static func variation(of image: Image) -> Value {
        var gradient = Image(height: image.height, width: image.width)
        return Value(value: addTotalVariation(of: image, scale: 1, to: &gradient), gradient: gradient)
    }
}

extension Evaluator {
    /// Spatial mean of one unit's activation.
    func meanActivation(of image: Image, unit: Int) -> Float { value(of: .unit(unit), at: image) }

    func meanActivation(of image: Image, unit: Int, gradient: inout Image) -> Float {
        value(of: .unit(unit), at: image, gradient: &gradient)
    }
}
