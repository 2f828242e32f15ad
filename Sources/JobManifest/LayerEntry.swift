/// A layer of the network, handed in by the caller: this module knows no network.
public struct LayerEntry: Sendable, Equatable {
    public let name: String
    public let unitCount: Int

    public init(name: String, unitCount: Int) {
        self.name = name
        self.unitCount = unitCount
    }
}
