import ConvNet

/// Penalties on an image in -1...1, each with its gradient (thesis section 3.4.3).
public enum Penalty {
    /// A penalty's value and its derivative by the image.
    public struct Value: Sendable, Equatable {
        public var value: Double
        /// `[height, width, channel]`
        public var gradient: Image
    }

    /// Sum of absolute values (thesis eq. 3.3).
    public static func l1(of image: Image) -> Value {
        var gradient = Image(height: image.height, width: image.width)
        let value = addL1(of: image, scale: 1, to: &gradient)
        return Value(value: value, gradient: gradient)
    }

    /// Sum of absolute differences to the right and lower neighbour (thesis eq. 3.4).
    public static func totalVariation(of image: Image) -> Value {
        var gradient = Image(height: image.height, width: image.width)
        let value = addTotalVariation(of: image, scale: 1, to: &gradient)
        return Value(value: value, gradient: gradient)
    }

    /// Adds `scale` times the gradient of L1 to `gradient`; returns the penalty itself.
    @discardableResult
    public static func addL1(of image: Image, scale: Float, to gradient: inout Image) -> Double {
        gradient.pixels.withUnsafeMutableBufferPointer { gradient in
            image.pixels.withUnsafeBufferPointer { pixels in
                for index in 0..<pixels.count { gradient[index] += scale * sign(pixels[index]) }
                return Statistics.sum(pixels.count) { Double(abs(pixels[$0])) }
            }
        }
    }

    /// Adds `scale` times the gradient of the total variation to `gradient`; returns the total variation.
    @discardableResult
    public static func addTotalVariation(of image: Image, scale: Float, to gradient: inout Image) -> Double {
        let row = image.width * Image.channelCount
        var total = 0.0
        gradient.pixels.withUnsafeMutableBufferPointer { gradient in
            image.pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<image.height {
                    let start = y * row
                    // Differences to the right, then to the row below.
                    total += addDifferences(pixels, start..<start + row - Image.channelCount, by: Image.channelCount, scale, gradient)
                    if y + 1 < image.height { total += addDifferences(pixels, start..<start + row, by: row, scale, gradient) }
                }
            }
        }
        return total
    }

    @inline(__always)
    private static func addDifferences(
        _ pixels: UnsafeBufferPointer<Float>, _ range: Range<Int>, by distance: Int, _ scale: Float,
        _ gradient: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        for index in range {
            let step = scale * sign(pixels[index + distance] - pixels[index])
            gradient[index + distance] += step
            gradient[index] -= step
        }
        return Statistics.sum(range.count) { Double(abs(pixels[range.lowerBound + $0 + distance] - pixels[range.lowerBound + $0])) }
    }

    /// -1, 0 or 1.
    @inline(__always) private static func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }
}
