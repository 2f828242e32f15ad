import Disk
import Foundation
import Records

/// Shows a run's progress on standard error in one of three ways.
public final class ProgressDisplay: ProgressReporter {
    public enum Style: Sendable {
        /// A line with a bar for each running reel, drawn over itself.
        case bars(Terminal)
        /// A line for each stage that begins and each reel that ends.
        case plain
        /// A JSON object for each event, steps at most once a second and reel.
        case json
    }

    private struct Shown: Sendable {
        var state: ProgressState
        var lineCount = 0
        var lastDrawn = -Double.infinity
        var lastStepLine: [Int: Double] = [:]
    }

    /// Seconds that a run waits for somebody who has stopped reading its progress: a pager, a terminal after Ctrl-S.
    public static let patience = 2.0

    private let style: Style
    private let shown: Guarded<Shown>
    private let clock: @Sendable () -> Double
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - reels: the names of all reels of the run, in order.
    ///   - weights: the reels' costs in proportion to each other; nil if all cost the same.
    public init(
        style: Style, reels: [String], weights: [Double]? = nil,
        clock: @escaping @Sendable () -> Double = MonotonicClock.system.now,
        write: @escaping @Sendable (String) -> Void = {
            StandardStream.error.say($0, patience: ProgressDisplay.patience)
        }
    ) {
        self.style = style
        self.clock = clock
        self.write = write
        shown = Guarded(Shown(state: ProgressState(reels: reels.map(\.printable), weights: weights, now: clock())))
    }

    public func report(_ event: ProgressEvent) {
        let now = clock()
        // Written with the lock held: lines of two workers must not mix.
        shown.update { shown in
            let change = shown.state.apply(event, now: now)
            switch style {
            case .bars(let terminal): draw(event, change, now, terminal, &shown)
            case .plain: writeLine(event, change, now, shown.state)
            case .json: writeJSON(event, change, now, &shown)
            }
        }
    }

    // MARK: Bars

    private func draw(
        _ event: ProgressEvent, _ change: ProgressState.Change, _ now: Double, _ terminal: Terminal,
        _ shown: inout Shown
    ) {
        // Ten pictures a second are enough for the eye, and cost nothing beside an evaluation.
        var isMessage = false
        switch event {
        case .stopping, .warned, .waiting: isMessage = true
        default: break
        }
        let isOver = shown.state.isOver
        guard change != .none || isMessage || isOver || now - shown.lastDrawn >= 0.1 else { return }
        shown.lastDrawn = now
        let format = ProgressFormat(usesColor: terminal.usesColor)
        // The last column stays free: a full line would wrap on some terminals.
        let width = terminal.width - 1
        var text = Self.cleared(shown.lineCount)
        if case .failed(let reel, let message) = event {
            text += "\(shown.state.reels[reel]): \(message.printable)\n"
        }
        if case .stopping = event { text += Self.stopping + "\n" }
        if case .warned(let message) = event { text += "warning: \(message.printable)\n" }
        if case .waiting(let count) = event { text += Self.waiting(count) + "\n" }
        var lines = shown.state.running.prefix(max(terminal.height - 2, 1)).map { running in
            format.line(name: shown.state.reels[running.reel], reel: running, now: now, width: width)
        }
        lines.append(format.overall(shown.state, now: now, width: width))
        text += lines.map { $0 + "\n" }.joined()
        shown.lineCount = isOver ? 0 : lines.count
        write(text)
    }

    private static let stopping = "stopping at the next step; once more stops at once"

    private static func waiting(_ count: Int) -> String {
        "waiting for \(count) film\(count == 1 ? "" : "s") that another process is rendering"
    }

    /// Moves to the first of `count` lines above and clears from there on.
    private static func cleared(_ count: Int) -> String {
        count == 0 ? "" : "\u{1B}[\(count)A\r\u{1B}[J"
    }

    // MARK: Plain lines

    private func writeLine(
        _ event: ProgressEvent, _ change: ProgressState.Change, _ now: Double, _ state: ProgressState
    ) {
        let stamp = "[\(Durations.clock(now - state.started))] "
        var took = ""
        if case .reelEnded(let seconds) = change { took = " in " + Durations.clock(seconds) }
        let count = "(\(state.finished + state.upToDate)/\(state.reels.count) films)"
        switch event {
        // Thousands of them are no news.
        case .started, .upToDate: break
        case .progressed(let reel, let progress):
            guard change == .stageBegan else { return }
            write(stamp + "\(state.reels[reel]): \(progress.stage.rawValue)\n")
        case .finished(let reel): write(stamp + "\(state.reels[reel]): done\(took) \(count)\n")
        case .failed(let reel, let message):
            write(stamp + "\(state.reels[reel]): failed\(took): \(message.printable)\n")
        case .stopped(let reel): write(stamp + "\(state.reels[reel]): stopped\(took)\n")
        case .stopping: write(stamp + Self.stopping + "\n")
        case .warned(let message): write(stamp + "warning: \(message.printable)\n")
        case .waiting(let count): write(stamp + Self.waiting(count) + "\n")
        }
    }

    // MARK: JSON lines

    private struct Line: Encodable {
        var event: String
        /// Nil for events that concern no reel, or several.
        var reel: String?
        var elapsed: Double
        var stage: Stage?
        var fraction: Double?
        var step: Int?
        var steps: Int?
        var lowestActivation: Double?
        var seconds: Double?
        var message: String?
        var finished: Int
        var failed: Int
        var total: Int
    }

    private func writeJSON(
        _ event: ProgressEvent, _ change: ProgressState.Change, _ now: Double, _ shown: inout Shown
    ) {
        let state = shown.state
        func line(_ name: String, _ reel: Int?) -> Line {
            Line(
                event: name, reel: reel.map { state.reels[$0] }, elapsed: (now - state.started).roundedToMilliseconds,
                finished: state.finished, failed: state.failed, total: state.reels.count)
        }
        var output: Line
        switch event {
        case .started(let reel): output = line("started", reel)
        case .upToDate(let reel): output = line("upToDate", reel)
        case .progressed(let reel, let progress):
            let isDue = now - (shown.lastStepLine[reel] ?? -.infinity) >= 1
            guard change == .stageBegan || isDue else { return }
            shown.lastStepLine[reel] = now
            output = line(change == .stageBegan ? "stage" : "step", reel)
            output.stage = progress.stage
            output.fraction = progress.fraction.roundedToMilliseconds
            output.step = progress.step
            output.steps = progress.stepCount
            output.lowestActivation = progress.lowestActivation.flatMap { $0.isFinite ? $0 : nil }
        case .finished(let reel): output = line("finished", reel)
        case .failed(let reel, let message):
            output = line("failed", reel)
            output.message = message
        case .stopped(let reel): output = line("stopped", reel)
        case .stopping(let signal):
            output = line("stopping", nil)
            output.message = "signal \(signal): \(Self.stopping)"
        case .warned(let message):
            output = line("warning", nil)
            output.message = message
        case .waiting(let count):
            output = line("waiting", nil)
            output.message = Self.waiting(count)
        }
        if case .reelEnded(let seconds) = change { output.seconds = seconds.roundedToMilliseconds }
        if let text = try? output.stableJSONText() { write(text + "\n") }
    }
}
