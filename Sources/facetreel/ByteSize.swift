import ArgumentParser

/// A number of bytes, as people write it: 4096, 500M, 20G.
struct ByteSize: ExpressibleByArgument, Equatable {
    let bytes: Int

    private static let units: [(letter: Character, shift: Int)] = [("K", 10), ("M", 20), ("G", 30), ("T", 40)]

    init(_ bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        var digits = argument.uppercased()
        var shift = 0
        if let unit = Self.units.first(where: { digits.hasSuffix(String($0.letter)) }) {
            digits.removeLast()
            shift = unit.shift
        }
        guard let number = Int(digits), number >= 0, number <= Int.max >> shift else { return nil }
        bytes = number << shift
    }

    /// With the largest unit that divides the number exactly, so that `init(argument:)` reads the same number back.
    var defaultValueDescription: String {
        for unit in Self.units.reversed() where bytes > 0 && bytes % (1 << unit.shift) == 0 {
            return "\(bytes >> unit.shift)\(unit.letter)"
        }
        return String(bytes)
    }

    /// For people: 41.2 MiB.
    var text: String {
        let unit = Self.units.last { bytes >= 1 << $0.shift }
        guard let unit else { return "\(bytes) bytes" }
        let tenths = (Double(bytes) / Double(1 << unit.shift) * 10).rounded() / 10
        return "\(tenths) \(unit.letter)iB"
    }
}
