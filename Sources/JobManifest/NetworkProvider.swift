import Networks

/// How a reader learns of the networks that manifests name: it opens none itself.
public struct NetworkProvider: Sendable {
    /// What is known of a network, layers and labels among it. A path in the reference is absolute.
    let description: @Sendable (NetworkReference) throws(NetworkError) -> NetworkDescription

    /// Why a network cannot be rendered at a place that its description does not list; nil if it has no such place.
    let fault: @Sendable (_ network: NetworkReference, _ layer: String) -> NetworkError?

    public init(
        _ description: @escaping @Sendable (NetworkReference) throws(NetworkError) -> NetworkDescription,
        fault: @escaping @Sendable (_ network: NetworkReference, _ layer: String) -> NetworkError? = { _, _ in nil }
    ) {
        self.description = description
        self.fault = fault
    }
}
