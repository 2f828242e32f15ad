import Foundation
import JSON
import Records

/// Numbers as pages show them.
enum Figures {
    /// For machines, with a hyphen for minus. Faster than `String(format:)`: the pages of a night need a million of
    /// them.
    static func ascii(_ value: Double, digits: Int) -> String {
        let scale = pow(10, Double(digits))
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return value.isFinite ? String(format: "%.4e", value) : "–" }
        let whole = Int(scaled)
        let unit = Int(scale)
        var text = value < 0 && whole > 0 ? "-" : ""
        text += String(whole / unit)
        guard digits > 0 else { return text }
        let fraction = String(whole % unit)
        return text + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// For people, with a real minus sign. Very small and very large numbers have an exponent.
    static func plain(_ value: Double, digits: Int = 2) -> String {
        guard value.isFinite else { return "–" }
        if value != 0, abs(value) < 0.5 * pow(10, -Double(digits)) || abs(value) >= 1e6 {
            return String(format: "%.2e", value).replacing("-", with: "−")
        }
        return ascii(value, digits: digits).replacing("-", with: "−")
    }

    /// `97 %`, rounded down, so that "100 %" and "at least 97 %" are true.
    static func percent(atLeast value: Double) -> String {
        guard value.isFinite else { return "–" }
        return plain((value * 100 + 1e-9).rounded(.down), digits: 0) + "\u{A0}%"
    }

    /// A measure's value, as it stands alone: `97 %`, `1.05×`, `0.20`.
    static func text(_ value: Double, _ format: Measure.Format) -> String {
        switch format {
        case .percent: percent(atLeast: value)
        case .times: plain(value) + "×"
        case .plain: plain(value)
        }
    }

    /// The same, rounded to the worse side: a value that misses a bound does not read as the bound.
    static func worse(_ value: Double, _ measure: Measure) -> String {
        measure.text(value).replacing("-", with: "−").replacing(" %", with: "\u{A0}%")
    }

    /// `1 film`, `12 films`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number.grouped) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension JSONValue {
    /// With four decimals: as much as a curve on a screen can show.
    static func rounded(_ value: Double) -> JSONValue {
        value.isFinite ? .number(Figures.ascii(value, digits: 4)) : .null
    }
}
