import ConvNet

/// Penalties on an image in -1...1, each with its gradient (thesis section 3.4.3).
public enum Penalty {
    /// Sum of absolute differences to the right and lower neighbour (thesis eq. 3.4).
    public static func totalVariation(of image: Image) -> Double {
        var unused = Image(height: image.height, width: image.width)
        return addTotalVariation(of: image, scale: 0, to: &unused)
    }

    /// Adds `scale` times the gradient of L1, the sum of absolute values (thesis eq. 3.3), to `gradient`; returns the
    /// penalty itself.
    @discardableResult
    static func addL1(of image: Image, scale: Float, to gradient: inout Image) -> Double {
        gradient.pixels.withUnsafeMutableBufferPointer { gradient in
            image.pixels.withUnsafeBufferPointer { pixels in
                for index in 0..<pixels.count {
                    gradient[index] += pixels[index] > 0 ? scale : pixels[index] < 0 ? -scale : 0
                }
                return Statistics.sum(pixels.count) { Double(abs(pixels[$0])) }
            }
        }
    }

    /// Adds `scale` times the gradient of the total variation to `gradient`; returns the total variation.
    @discardableResult
    static func addTotalVariation(of image: Image, scale: Float, to gradient: inout Image) -> Double {
        let row = image.width * Image.channelCount
        let inner = row - Image.channelCount
        var total = 0.0
        gradient.pixels.withUnsafeMutableBufferPointer { gradient in
            image.pixels.withUnsafeBufferPointer { pixels in
                guard let gradient = gradient.baseAddress, let pixels = pixels.baseAddress else { return }
                for y in 0..<image.height {
                    let (values, slopes) = (pixels + y * row, gradient + y * row)
                    total += addDifferences(
                        of: values + Image.channelCount, to: values, count: inner, scale, slopes + Image.channelCount,
                        slopes)
                    if y + 1 < image.height {
                        total += addDifferences(of: values + row, to: values, count: row, scale, slopes + row, slopes)
                    }
                }
            }
        }
        return total
    }

    /// Subtracts `mu` times the gradient of the total variation, divided by its standard deviation, from a gradient
    /// that is divided by its own. So lambda adapts, and one `mu` serves every layer and size.
    /// - Parameter work: overwritten.
    static func addAdaptiveTotalVariation(of image: Image, mu: Double, work: inout Image, to gradient: inout Image) {
        work.pixels.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        addTotalVariation(of: image, scale: 1, to: &work)
        Statistics.normalize(&work.pixels)
        let weight = Float(mu)
        for index in gradient.pixels.indices { gradient.pixels[index] -= weight * work.pixels[index] }
    }

    /// Sum of |a - b|; adds `scale` times its derivatives to a's and b's gradients.
    private static func addDifferences(
        of a: UnsafePointer<Float>, to b: UnsafePointer<Float>, count: Int, _ scale: Float,
        _ gradientA: UnsafeMutablePointer<Float>, _ gradientB: UnsafeMutablePointer<Float>
    ) -> Double {
        // The few hundred terms of a row are added in single precision, in sixteen sums side by side; the rows in
        // double.
        var (sums, index) = (Vector.zero, 0)
        let scales = Vector(repeating: scale)
        while index + vectorWidth <= count {
            let difference = a.vector(at: index) - b.vector(at: index)
            let step = sign(difference) * scales
            sums += sign(difference) * difference
            gradientA.setVector(at: index, to: gradientA.vector(at: index) + step)
            gradientB.setVector(at: index, to: gradientB.vector(at: index) - step)
            index += vectorWidth
        }
        var total = Double(sums.sum())
        while index < count {
            let difference = a[index] - b[index]
            let step = difference > 0 ? scale : difference < 0 ? -scale : 0
            total += Double(abs(difference))
            gradientA[index] += step
            gradientB[index] -= step
            index += 1
        }
        return total
    }

    /// -1, 0 or 1.
    @inline(__always) private static func sign(_ value: Vector) -> Vector {
        Vector.zero
            .replacing(with: Vector(repeating: 1), where: value .> .zero)
            .replacing(with: Vector(repeating: -1), where: value .< .zero)
    }
}
