import ConvNet
import Foundation

extension Image {
    /// A smooth image with detail, the same every time, that wakes units at every depth.
    static func test(height: Int, width: Int) -> Image {
        var image = Image(height: height, width: width, repeating: 0)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let (u, v) = (Float(x), Float(y))
                    image.pixels[(y * width + x) * 3 + channel] =
                        0.5 * sin(0.35 * u + 0.11 * v * Float(channel + 1)) + 0.4
                        * cos(0.9 * v - 0.2 * u * Float(channel))
                }
            }
        }
        return image
    }
}

extension Evaluator {
    /// Spatial mean of one unit's activation.
    func meanActivation(of image: Image, unit: Int) -> Float { value(of: .unit(unit), at: image) }

    func meanActivation(of image: Image, unit: Int, gradient: inout Image) -> Float {
        value(of: .unit(unit), at: image, gradient: &gradient)
    }
}

extension Objective.Place {
    static let center = Self(x: 0.5, y: 0.5)
}
