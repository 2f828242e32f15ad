import Networks

/// How a reader learns of the networks that manifests name: it opens none itself.
public struct NetworkProvider: Sendable {
    /// What is known of a network, layers and labels among it. A path in the reference is absolute.
    let description: @Sendable (NetworkReference) throws(NetworkError) -> NetworkDescription

    public init(
        _ description: @escaping @Sendable (NetworkReference) throws(NetworkError) -> NetworkDescription
    ) {
        self.description = description
    }
}
