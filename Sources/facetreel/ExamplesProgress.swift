import Disk
import Examples
import Foundation
import Pipeline
import Records

/// Shows how far `examples` is: a line that is drawn over itself on a terminal, and elsewhere a line every ten seconds.
final class ExamplesProgress: Sendable {
    private let style: RenderCommand.ProgressStyle
    private let terminal = Terminal.standardError()
    private let state = Guarded(State())

    private struct State {
        /// When a line was last shown, and when the present part of the work was begun.
        var shown = -Double.infinity
        var begun: Double?
        var isReading = false
        var isDrawn = false
    }

    init(_ style: RenderCommand.ProgressStyle) {
        self.style = style
    }

    private var isDrawn: Bool { style == .auto && terminal.isInteractive }

    func report(_ progress: ExampleProgress) {
        guard style != .off else { return }
        state.update { state in
            let now = MonotonicClock.system.now()
            let (done, count, before, isReading) =
                switch progress {
                case .listed(let done, of: let count): (done, count, 0, false)
                case .read(let done, of: let count, let before): (done, count, before, true)
                }
            if state.begun == nil || state.isReading != isReading {
                (state.begun, state.isReading) = (now, isReading)
                // What takes no time is not worth a line.
                state.shown = now
            }
            guard now - state.shown >= (isDrawn ? 0.2 : 10) else { return }
            state.shown = now
            let rate = Double(done - before) / max(now - (state.begun ?? now), 1e-3)
            show(done, of: count, rate, isReading, &state)
        }
    }

    private func show(_ done: Int, of count: Int, _ rate: Double, _ isReading: Bool, _ state: inout State) {
        if style == .json {
            let line = Line(
                event: isReading ? "pictures" : "listing", done: done, of: count,
                perSecond: (rate * 10).rounded() / 10)
            StandardStream.error.say(
                ((try? line.stableJSONText()) ?? "") + "\n", patience: ProgressDisplay.patience)
            return
        }
        let left = rate > 0 ? ", \(Durations.clock(Double(count - done) / rate)) left" : ""
        let text =
            "\(done.grouped) of \(count.grouped) \(isReading ? "pictures" : "files listed"), "
            + "\(String(format: "%.1f", rate))/s\(left)"
        guard isDrawn else { return Message.line(text) }
        state.isDrawn = true
        StandardStream.error.say(
            "\r\u{1B}[2K" + text.prefix(max(terminal.width - 1, 1)), patience: ProgressDisplay.patience)
    }

    private struct Line: Encodable {
        var event: String
        var done: Int
        var of: Int
        var perSecond: Double
    }

    /// Takes the line that is drawn over away, so that others can follow.
    func end() {
        state.update { state in
            if state.isDrawn { StandardStream.error.say("\r\u{1B}[2K", patience: ProgressDisplay.patience) }
            state.isDrawn = false
        }
    }
}
