import ConvNet

/// Shows the points of a path as images, and gives their activations with gradients by the point: through decoding and
/// transforms, and all the way back.
///
/// Owns its scratch: one per worker.
public final class PathView {
    private let parameterization: Parameterization
    private let images: any ImageParameterization
    private let codec: any ImageCodec
    private let warp: Warp
    private var image: Image
    /// What the network sees, and the gradient by it.
    private var view: Image
    private var viewGradient: Image
    /// The gradients by the image: under one transform, and their sum over all transforms.
    private var part: Image
    private var gradient: Image

    /// - Parameters:
    ///   - height: at least 32.
    ///   - width: at least 32.
    ///   - isGrey: whether all images are grey, for a network that sees no colors.
    public init(_ parameterization: Parameterization, height: Int, width: Int, isGrey: Bool = false) {
        self.parameterization = parameterization
        images = parameterization.images(height: height, width: width, isGrey: isGrey)
        codec = images.makeCodec()
        warp = Warp(height: height, width: width)
        image = Image(height: height, width: width)
        (view, viewGradient, part, gradient) = (image, image, image, image)
    }

    /// The image of a point, in -1...1.
    public func image(of point: [Float]) -> Image {
        codec.decode(point, into: &image)
        return image
    }

    /// The image of a point, with at least the given contrast (standard deviation of all values): if it has less, the
    /// point's numbers are made larger, but for the mean colour.
    ///
    /// A norm-preserving mix keeps the strength of the numbers. But if one of the two images is saturated (a sigmoid
    /// has cut its strength), the mix is weaker than either of them. A mix of pixels keeps the contrast itself, and
    /// stays as it is.
    /// - Parameter contrast: above 0.
    public func image(of point: [Float], contrast: Double) -> Image {
        var image = image(of: point)
        guard !images.isIdentity else { return image }
        var gain: Float = 1
        for _ in 0..<Self.gainRounds {
            let own = image.pixels.withUnsafeBufferPointer(Statistics.standardDeviation)
            guard own > 0, own < contrast else { break }
            gain *= Float(contrast / own)
            guard gain <= Self.largestGain else { break }
            var stronger = point
            images.strengthen(&stronger, by: gain)
            images.clip(&stronger)
            codec.decode(stronger, into: &image)
        }
        return image
    }

    /// After each round only a small part of the missing contrast is left.
    private static let gainRounds = 3
    /// A point that would need a larger gain is no mix of its ends any more.
    private static let largestGain: Float = 1.5

    /// The point of a facet: its own point, or, if that is of another kind of parameterisation, the point whose image
    /// comes nearest to the facet's image.
    public func point(of facet: Facet) -> [Float] {
        if let point = facet.point, point.numbers.count == images.count,
            let numbers = parameterization.numbers(
                point.numbers, from: point.parameterization, height: facet.image.height, width: facet.image.width)
        {
            return numbers
        }
        return codec.encode(facet.image)
    }

    /// The values of an image or a point: its mean activation A under some transforms (if there are none: that of the
    /// plain image), and O = A - lambda TV, with the lambda for this image size.
    public typealias Value = (activation: Double, objective: Double)

    /// - Throws: what the source throws.
    public func value(
        of image: Image, under transforms: [Transform], totalVariation: Double, in source: any ActivationSource
    ) throws -> Value {
        var sum = 0.0
        for transform in transforms {
            warp.apply(transform, to: image, into: &view)
            sum += Double(try source.activation(of: view))
        }
        let activation =
            transforms.isEmpty ? Double(try source.activation(of: image)) : sum / Double(transforms.count)
        guard totalVariation != 0 else { return (activation, activation) }
        // Only the penalty is wanted; its gradient is scaled to zero.
        return (activation, activation - totalVariation * Penalty.addTotalVariation(of: image, scale: 0, to: &gradient))
    }

    /// The same for a point; also writes the derivative of O by the point over `pointGradient`.
    /// - Throws: what the source throws.
    public func value(
        of point: [Float], under transforms: [Transform], totalVariation: Double, in source: any ActivationSource,
        gradient pointGradient: inout [Float]
    ) throws -> Value {
        if let transform = transforms.first, transforms.count == 1, totalVariation == 0 {
            let activation = try activation(of: point, under: transform, in: source, gradient: &pointGradient)
            return (activation, activation)
        }
        codec.decode(point, into: &image)
        let activation = try addGradients(under: transforms, in: source)
        var objective = activation
        if totalVariation != 0 {
            let scale = Float(-totalVariation)
            objective -= totalVariation * Penalty.addTotalVariation(of: image, scale: scale, to: &gradient)
        }
        codec.pullBack(&gradient, at: image, into: &pointGradient)
        return (activation, objective)
    }

    /// The commonest case, one transform. The rows of the image, and on the way back those of its gradient, are
    /// processed as soon as they are complete.
    private func activation(
        of point: [Float], under transform: Transform, in source: any ActivationSource,
        gradient pointGradient: inout [Float]
    ) throws -> Double {
        var sampled = 0
        codec.decode(point, into: &image) { count, rows in
            warp.apply(transform, from: &sampled, upTo: count, of: rows, into: &view)
        }
        let activation = Double(try source.activation(of: view, gradient: &viewGradient))
        codec.pullBack(&gradient, at: image, into: &pointGradient) { gradient, whenFinished in
            warp.pullBack(transform, viewGradient, into: &gradient, whenFinished: whenFinished)
        }
        return activation
    }

    /// Returns the mean activation, and writes its gradient by the image into `gradient`.
    private func addGradients(under transforms: [Transform], in source: any ActivationSource) throws -> Double {
        guard let first = transforms.first else {
            return Double(try source.activation(of: image, gradient: &gradient))
        }
        var sum = try activation(under: first, in: source, gradient: &gradient)
        guard transforms.count > 1 else { return sum }
        for transform in transforms.dropFirst() {
            sum += try activation(under: transform, in: source, gradient: &part)
            for index in gradient.pixels.indices { gradient.pixels[index] += part.pixels[index] }
        }
        let share = 1 / Float(transforms.count)
        for index in gradient.pixels.indices { gradient.pixels[index] *= share }
        return sum / Double(transforms.count)
    }

    private func activation(
        under transform: Transform, in source: any ActivationSource, gradient: inout Image
    ) throws -> Double {
        warp.apply(transform, to: image, into: &view)
        let activation = Double(try source.activation(of: view, gradient: &viewGradient))
        warp.pullBack(transform, viewGradient, into: &gradient)
        return activation
    }
}
