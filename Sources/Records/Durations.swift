import Foundation

/// Spans of time: the one grammar in which people write them, and the three forms in which they are shown.
public enum Durations {
    private static let units: [(letter: Character, seconds: Int)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]

    /// The seconds of a text such as `90s`, `30m`, `8h`, `1h30m` or `30d`: whole numbers up to 3,600,000 with their units,
    /// largest first, each unit once. Nil for any other text.
    public static func seconds(of text: String) -> Int? {
        var (total, rest, units) = (0, Substring(text), units[...])
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let number = Int(digits), number <= 3_600_000, let letter = rest.popFirst(),
                let place = units.firstIndex(where: { $0.letter == letter })
            else { return nil }
            total += number * units[place].seconds
            units = units[(place + 1)...]
        } while !rest.isEmpty
        return total
    }

    /// As a clock shows it: `0:07`, `12:34`, `3:00:00`. Beyond 1000 hours nobody counts.
    public static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 3_600_000 else { return "--:--" }
        let whole = Int(seconds.rounded())
        let rest = String(format: "%02d", whole % 60)
        return whole < 3600
            ? "\(whole / 60):\(rest)" : "\(whole / 3600):" + String(format: "%02d", whole / 60 % 60) + ":\(rest)"
    }

    /// In its two largest units: `3.2 s`, `12 s`, `3 min 20 s`, `7 h 12 min`.
    public static func short(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        let tenths = Int((seconds * 10).rounded())
        if seconds < 9.95 { return "\(tenths / 10).\(tenths % 10)\u{A0}s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)\u{A0}s" }
        if whole < 3600 { return "\(whole / 60)\u{A0}min \(whole % 60)\u{A0}s" }
        return "\((whole / 3600).grouped)\u{A0}h \(whole / 60 % 60)\u{A0}min"
    }

    /// Of a forecast, in words: `9.4 hours`, `12 minutes`, `40 seconds`.
    public static func rough(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e18 else { return "–" }
        let (value, unit) =
            seconds >= 3600
            ? (seconds / 3600, "hours") : seconds >= 60 ? (seconds / 60, "minutes") : (seconds, "seconds")
        return (value < 10 ? String(format: "%.1f", value) : String(Int(value.rounded()))) + " " + unit
    }
}

extension Double {
    /// Seconds in whole milliseconds, as they are written into files.
    public var roundedToMilliseconds: Double { (self * 1000).rounded() / 1000 }
}

extension Int {
    /// `1489` as `1,489`, in every locale and with a real minus sign.
    public var grouped: String {
        let digits = String(magnitude)
        let groups = digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
        }
        return (self < 0 ? "−" : "") + groups.joined()
    }
}
