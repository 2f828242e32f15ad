import ConvNet

/// Mean activation under a fixed set of random transforms: what remains of an activation when the image is moved a
/// little. A high plain activation proves nothing (METHODS: naive images keep a tenth of theirs).
public struct RobustActivation: Sendable {
    private let transforms: [Transform]
    private let height: Int
    private let width: Int

    /// The number of transforms under which films are measured.
    public static let standardCount = 8

    /// `count` transforms of lucid's schedule, the same for every image.
    public init(count: Int = RobustActivation.standardCount, seed: UInt64 = 0, height: Int, width: Int) {
        transforms = (0..<count).map { index in
            var random = CounterRandom(seed: seed, stage: "robust activation", step: 0, index: index)
            return TransformSchedule.lucid.draw(&random)
        }
        self.height = height
        self.width = width
    }

    public func activation(of image: Image, in source: any ActivationSource) throws -> Float {
        let warp = Warp(height: height, width: width)
        var view = image
        var sum = 0.0
        for transform in transforms {
            warp.apply(transform, to: image, into: &view)
            sum += Double(try source.activation(of: view))
        }
        return Float(sum / Double(max(transforms.count, 1)))
    }
}
