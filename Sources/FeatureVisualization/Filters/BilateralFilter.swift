import ConvNet
import Foundation

/// A bilateral filter as OpenCV's `bilateralFilter` has it: a round neighbourhood, colours compared by the sum of
/// absolute differences over the channels, border reflect-101 (thesis section 3.4.4).
public struct BilateralFilter: Sendable, Equatable, Codable {
    /// Diameter of the neighbourhood in pixels.
    public var kernel: Int
    public var sigmaColor: Double
    public var sigmaSpace: Double
    /// Applied after every so many steps.
    public var every: Int

    public init(kernel: Int, sigmaColor: Double, sigmaSpace: Double, every: Int) {
        self.kernel = kernel
        self.sigmaColor = sigmaColor
        self.sigmaSpace = sigmaSpace
        self.every = every
    }

    public func filter(_ image: Image) -> Image {
        let (height, width, radius) = (image.height, image.width, kernel / 2)
        guard radius > 0, sigmaColor > 0, sigmaSpace > 0 else { return image }
        var neighbours: [(x: Int, y: Int, weight: Float)] = []
        for y in -radius...radius {
            for x in -radius...radius where x * x + y * y <= radius * radius {
                neighbours.append((x, y, Float(exp(-Double(x * x + y * y) / (2 * sigmaSpace * sigmaSpace)))))
            }
        }
        // Colour weights from a table, as fine as a float's differences need: three channels differ by at most 6.
        let steps = 4096
        let scale = Float(steps) / 6
        let table = (0...steps + 1).map { index -> Float in
            let difference = Double(index) * 6 / Double(steps)
            return Float(exp(-difference * difference / (2 * sigmaColor * sigmaColor)))
        }
        var result = image
        image.pixels.withUnsafeBufferPointer { from in
            result.pixels.withUnsafeMutableBufferPointer { to in
                table.withUnsafeBufferPointer { table in
                    for y in 0..<height {
                        for x in 0..<width {
                            let here = (y * width + x) * 3
                            var (sum, total) = (SIMD3<Float>.zero, Float.zero)
                            let own = SIMD3(from[here], from[here + 1], from[here + 2])
                            for neighbour in neighbours {
                                let row = Warp.reflected(y + neighbour.y, height)
                                let place = (row * width + Warp.reflected(x + neighbour.x, width)) * 3
                                let other = SIMD3(from[place], from[place + 1], from[place + 2])
                                let difference = abs(other.x - own.x) + abs(other.y - own.y) + abs(other.z - own.z)
                                let position = min(difference * scale, Float(steps))
                                let index = Int(position)
                                let weight = neighbour.weight
                                    * (table[index] + (position - Float(index)) * (table[index + 1] - table[index]))
                                sum += weight * other
                                total += weight
                            }
                            for channel in 0..<3 { to[here + channel] = sum[channel] / total }
                        }
                    }
                }
            }
        }
        return result
    }
}
