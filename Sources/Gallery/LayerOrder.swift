import Networks

/// The order of a network's layers from its input to its objects; other names are ordered by the numbers in them.
struct LayerOrder: Sendable {
    private let places: [String: Int]
    private let network: NetworkDescription

    init(_ network: NetworkDescription) {
        self.network = network
        places = Dictionary(
            zip(network.layers.map(\.name), 0...), uniquingKeysWith: { first, _ in first })
    }

    /// What units of a layer typically respond to; nil for a layer that the network does not have.
    func stage(_ layer: String) -> String? { places[layer].map { network.layers[$0].stage } }

    /// Layers that the network does not have come last.
    func precedes(_ left: String, _ right: String) -> Bool {
        let (leftPlace, rightPlace) = (places[left] ?? .max, places[right] ?? .max)
        return leftPlace == rightPlace ? Self.naturally(left, precedes: right) : leftPlace < rightPlace
    }

    /// Numbers by their value, everything else by its bytes, numbers first.
    static func naturally(_ left: String, precedes right: String) -> Bool {
        switch (UInt64(left), UInt64(right)) {
        case (let left?, let right?) where left != right: left < right
        case (_?, nil): true
        case (nil, _?): false
        default: left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
