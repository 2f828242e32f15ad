public struct LoweredGraph: Sendable {
    public var graph: Graph
    public func value(ofLayer name: String) throws(NetworkError) -> Int { 0 }
}
extension Graph {
    public func simplified(to targets: [Int]) -> (Graph, [Int: Int]) { (self, [:]) }
}
public final class NetworkModel: Sendable {
    public let description: NetworkDescription
    public let digest = ""
    init(_ description: NetworkDescription) { self.description = description }
    public func lowered(height: Int, width: Int) throws(NetworkError) -> LoweredGraph { throw NetworkError(file: "", reason: "") }
    public func normalization() throws(NetworkError) -> (
        mean: [Double], standardDeviation: [Double], colorOrder: NetworkCard.ColorOrder
    ) { ([], [], .rgb) }
}
