import Foundation

extension Encodable {
    /// The value as JSON with sorted keys: the same bytes for the same value.
    /// - Parameter isIndented: for people: each value on a line of its own.
    /// - Throws: `EncodingError`, for example where a number is not finite.
    public func stableJSON(isIndented: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isIndented { encoder.outputFormatting.insert(.prettyPrinted) }
        return try encoder.encode(self)
    }

    /// The same as text.
    public func stableJSONText(isIndented: Bool = false) throws -> String {
        String(decoding: try stableJSON(isIndented: isIndented), as: UTF8.self)
    }
}

extension Decodable {
    /// The value in a JSON file; nil if there is no such file, or if it holds something else.
    public static func stored(in path: String) -> Self? {
        (try? WholeFile.contents(of: path)).flatMap { try? JSONDecoder().decode(Self.self, from: $0) }
    }
}
