import Networks

/// A network ready to run: its graphs come from its file, its weights are packed for the kernels at their first use.
/// Shared by all workers.
public final class Network: Sendable {
    /// Changes whenever results of the engine may change: part of every stage's key.
    public static let engineRevision = "8"

    public let model: NetworkModel
    /// What is known of it without weights.
    public var description: NetworkDescription { model.description }
    /// SHA-256 of all that its results depend on.
    public var digest: String { model.digest }
    let input: ImageInput
    let packed: PackedWeights

    /// - Throws: `NetworkError` if it is not known how the network's images are normalized.
    public init(model: NetworkModel) throws(NetworkError) {
        self.model = model
        let (mean, deviation, order) = try model.normalization()
        input = ImageInput(mean: mean, standardDeviation: deviation, colorOrder: order)
        packed = PackedWeights(input)
    }
}
