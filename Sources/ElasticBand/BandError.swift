/// Why a band cannot be made or cannot go on.
public enum BandError: Error, Sendable, Equatable {
    public enum Quantity: String, Sendable, Codable {
        case activation, objective, gradient, position
    }

    /// A number became NaN or infinite at point `pivot` of the path (0 is the first end) before
    /// step `step` (counted from 1) was complete. The band cannot be continued.
    case notFinite(Quantity, pivot: Int, step: Int)

    /// A setting lies outside what the band can do.
    case outOfRange(setting: String, value: String, expected: String)

    /// A saved state contradicts itself, so it cannot have come from a band.
    case inconsistentState(String)
}

extension BandError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFinite(let quantity, let pivot, let step):
            "the \(quantity.rawValue) of pivot \(pivot) is not finite in step \(step) of the band;"
                + " a smaller learning rate or penalty may help"
        case .outOfRange(let setting, let value, let expected):
            "\(setting): expected \(expected), found \(value)"
        case .inconsistentState(let reason):
            "the saved state of the band is not usable: \(reason); remove it to start afresh"
        }
    }
}
