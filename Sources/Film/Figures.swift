import Foundation

/// Numbers as they are printed.
enum Figures {
    /// With a minus sign instead of a hyphen, and none for zero.
    static func plain(_ value: Double, digits: Int) -> String {
        let text = String(format: "%.\(digits)f", abs(value))
        let isZero = !text.contains { $0 != "0" && $0 != "." }
        return (value < 0 && !isZero ? "−" : "") + text
    }

    /// `10⁻⁷`.
    static func powerOfTen(_ exponent: Int) -> String {
        let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let digits = String(abs(exponent)).compactMap(\.wholeNumberValue).map { superscripts[$0] }
        return "10" + (exponent < 0 ? "⁻" : "") + String(digits)
    }
}
