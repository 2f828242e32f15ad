/// Number literals of JSON, read digit by digit. A double in between would round what lies beyond 2^53, and take for
/// whole what is only almost so.
public enum DecimalLiteral {
    /// The whole number that a literal stands for, exactly. As in JSON Schema, `3`, `3.0` and `30e-1` are the same. Nil
    /// if it is not whole, does not fit the type, or is no literal.
    ///
    /// - Complexity: O(length of the literal), whatever its exponent says.
    public static func wholeNumber<Number: FixedWidthInteger>(
        _ literal: some StringProtocol, as type: Number.Type = Number.self
    ) -> Number? {
        guard let parts = Parts(literal) else { return nil }
        // No number of the type has more digits than this.
        let mostDigits = Number.bitWidth / 3 + 1
        guard !parts.digits.isEmpty else { return 0 }
        guard parts.exponent >= 0, parts.exponent <= mostDigits, parts.digits.count <= mostDigits else { return nil }
        var number: Number = 0
        for digit in parts.digits + repeatElement(0, count: parts.exponent) {
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) =
                parts.isNegative
                ? tens.subtractingReportingOverflow(Number(digit)) : tens.addingReportingOverflow(Number(digit))
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        return number
    }

    /// Whether a literal says zero itself. `1e-999` does not, though the nearest double is 0.
    public static func isZero(_ literal: some StringProtocol) -> Bool {
        Parts(literal).map { $0.digits.isEmpty } ?? false
    }

    /// A number as its significant digits (0...9, the first and the last not 0; none for zero) times a power of ten.
    private struct Parts {
        var isNegative = false
        var digits: [UInt8] = []
        var exponent = 0

        /// An exponent beyond this is as good as infinite; sums with the length of a text cannot overflow.
        private static let greatestExponent = 1 << 40

        init?(_ literal: some StringProtocol) {
            var (isFraction, isExponent, hasNegativeExponent, stated) = (false, false, false, 0)
            for byte in literal.utf8 {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9") where isExponent:
                    stated = min(10 * stated + Int(byte - UInt8(ascii: "0")), Self.greatestExponent)
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    let digit = byte - UInt8(ascii: "0")
                    if !digits.isEmpty || digit > 0 { digits.append(digit) }
                    if isFraction { exponent -= 1 }
                case UInt8(ascii: "-"): if isExponent { hasNegativeExponent = true } else { isNegative = true }
                case UInt8(ascii: "+") where isExponent: break
                case UInt8(ascii: ".") where !isFraction && !isExponent: isFraction = true
                case UInt8(ascii: "e") where !isExponent, UInt8(ascii: "E") where !isExponent: isExponent = true
                default: return nil
                }
            }
            exponent += hasNegativeExponent ? -stated : stated
            while digits.last == 0 {
                digits.removeLast()
                exponent += 1
            }
        }
    }
}
