import Foundation
import Records

/// How progress is put into words: bars and lines of a given width.
struct ProgressFormat {
    var usesColor = false

    /// `[#####-----]` of `width` characters in all.
    static func bar(_ fraction: Double, width: Int) -> String {
        let inside = max(width - 2, 0)
        let filled = fraction.isFinite ? Int((min(max(fraction, 0), 1) * Double(inside)).rounded(.down)) : 0
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: inside - filled) + "]"
    }

    /// The running reel's line: name, stage, bar, step, lowest activation, time left; at most `width` characters on
    /// screen.
    func line(name: String, reel: ProgressState.RunningReel, now: Double, width: Int) -> String {
        guard let progress = reel.progress else { return Self.fitted(name, width) }
        var tail = " step \(progress.step)"
        if let count = progress.stepCount { tail += "/\(count)" }
        if let lowest = progress.lowestActivation, lowest.isFinite {
            tail += "  A " + Self.number(lowest)
        }
        if let left = reel.secondsLeft(at: now) { tail += "  ETA " + Durations.clock(left) }
        let stage = progress.stage.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        let barWidth = 22
        var room = width - stage.count - tail.count - 2
        let hasBar = room >= barWidth + 12
        if hasBar { room -= barWidth }
        guard room >= 4 else { return Self.fitted(name + " " + stage + tail, width) }
        let shownName = Self.fitted(name, room).padding(toLength: min(room, 36), withPad: " ", startingAt: 0)
        let bar = hasBar ? colored(Self.bar(progress.fraction, width: barWidth), .green) : ""
        return shownName + "  " + stage + bar + tail
    }

    /// The run's line: films done of all, failures, time gone and left.
    func overall(_ state: ProgressState, now: Double, width: Int) -> String {
        var parts = ["\(state.finished)/\(state.reels.count) films"]
        if state.upToDate > 0 { parts.append("\(state.upToDate) up to date") }
        if state.failed > 0 { parts.append("\(state.failed) failed") }
        parts.append("\(state.running.count) running")
        parts.append(Durations.clock(now - state.started) + " gone")
        if let left = state.secondsLeft(at: now) { parts.append("ETA " + Durations.clock(left)) }
        let text = Self.fitted(parts.joined(separator: ", "), width)
        return state.failed > 0 ? colored(text, .red) : text
    }

    /// Three significant digits or so, without an exponent.
    static func number(_ value: Double) -> String {
        String(format: abs(value) >= 100 ? "%.0f" : "%.2f", locale: Locale(identifier: "en_US_POSIX"), value)
    }

    /// At most `width` characters. If text is cut, it is cut in the left part, since the end of a reel's name says
    /// most.
    static func fitted(_ text: String, _ width: Int) -> String {
        guard text.count > width else { return text }
        guard width > 2 else { return String(text.suffix(max(width, 0))) }
        return ".." + text.suffix(width - 2)
    }

    private enum Color: Int {
        case red = 31
        case green = 32
    }

    private func colored(_ text: String, _ color: Color) -> String {
        usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}
