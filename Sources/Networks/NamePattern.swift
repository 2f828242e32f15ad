/// A pattern of names: `*` is any characters, none among them, `?` is one character; everything else is itself.
/// `layer4.*.conv3`, `block_1?_add`.
public struct NamePattern: Sendable, Equatable {
    private let signs: [UInt32]

    public init(_ text: String) {
        signs = text.unicodeScalars.map { $0.value }
    }

    /// Whether a text is meant as a pattern.
    public static func isPattern(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0 == "*" || $0 == "?" }
    }

    /// - Complexity: O(pattern * name): a star that fails is taken up again where it left off, and no star before it.
    public func matches(_ name: String) -> Bool {
        let name = name.unicodeScalars.map { $0.value }
        let (star, any) = (UInt32(UInt8(ascii: "*")), UInt32(UInt8(ascii: "?")))
        var (sign, letter) = (0, 0)
        // The last star, and where what follows it is tried next.
        var (lastStar, retry) = (-1, 0)
        while letter < name.count {
            if sign < signs.count, signs[sign] == star {
                (lastStar, retry) = (sign, letter)
                sign += 1
            } else if sign < signs.count, signs[sign] == any || signs[sign] == name[letter] {
                sign += 1
                letter += 1
            } else if lastStar >= 0 {
                retry += 1
                (sign, letter) = (lastStar + 1, retry)
            } else {
                return false
            }
        }
        return signs[sign...].allSatisfy { $0 == star }
    }
}
