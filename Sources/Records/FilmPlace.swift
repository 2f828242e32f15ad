/// Where a film lies in an output folder: `<name>/<layer>/<unit>`.
public struct FilmPlace: Sendable, Hashable {
    public let name: String
    public let layer: String
    public let unit: String

    /// Relative to the output folder.
    public var path: String { "\(name)/\(layer)/\(unit)" }

    /// Nil if the text is not `name/layer/unit`.
    public init?(_ path: some StringProtocol) {
        let parts = String(path).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // A folder whose name begins with a dot holds no film.
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else { return nil }
        (name, layer, unit) = (parts[0], parts[1], parts[2])
    }
}
