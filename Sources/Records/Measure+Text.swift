import Foundation

extension Measure {
    /// A value in a sentence: `95 %`, `1.16×`, `0.12`. It is rounded to the worse side, so that what misses its bar does
    /// not read as the bar.
    public func text(_ value: Double) -> String {
        let hundredths = value * 100
        guard abs(hundredths) < 1e9 else { return Self.plainText(value) }
        let rounded = better == .higher ? (hundredths + 1e-9).rounded(.down) : (hundredths - 1e-9).rounded(.up)
        return switch format {
        case .percent: "\(Int(rounded)) %"
        case .times: String(format: "%.2f×", rounded / 100)
        case .plain: String(format: "%.2f", rounded / 100)
        }
    }

    /// A value of a measure that this version does not have.
    static func plainText(_ value: Double) -> String { String(format: "%.4g", value) }
}
