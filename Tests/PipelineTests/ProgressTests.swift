import Foundation
import Synchronization
import Testing

@testable import Pipeline

/// A clock that tests set and text that tests read.
private final class Recorder: Sendable {
    let time = Mutex(0.0)
    let text = Mutex("")
    func display(_ style: ProgressDisplay.Style, reels: [String]) -> ProgressDisplay {
        ProgressDisplay(
            style: style, reels: reels, clock: { self.time.withLock { $0 } },
            write: { addition in self.text.withLock { $0 += addition } })
    }
    func wait(_ seconds: Double) { time.withLock { $0 += seconds } }
    var written: String { text.withLock { $0 } }
}

@Suite struct ProgressTests {
    @Test(arguments: [
        (0.0, "[----------]"), (0.5, "[#####-----]"), (1.0, "[##########]"), (7, "[##########]"), (-1, "[----------]"),
        (.nan, "[----------]"),
    ])
    func `bars stay within their width`(fraction: Double, bar: String) {
        #expect(ProgressFormat.bar(fraction, width: 12) == bar)
    }

    @Test func `a reel's line says stage, step, activation and time left`() {
        var state = ProgressState(reels: ["eyes/block_12_add/1"], now: 0)
        _ = state.apply(.started(reel: 0), now: 0)
        _ = state.apply(
            .progressed(reel: 0, StageProgress(stage: .facets, fraction: 0, step: 0, stepCount: 512)), now: 0)
        _ = state.apply(
            .progressed(
                reel: 0,
                StageProgress(stage: .facets, fraction: 0.25, step: 128, stepCount: 512, lowestActivation: 3.456)),
            now: 10)
        let line = ProgressFormat().line(name: state.reels[0], reel: state.running[0], now: 10, width: 99)
        #expect(
            line
                == "eyes/block_12_add/1                   facets  [#####---------------] step 128/512  A 3.46  ETA 0:30"
        )
        #expect(state.secondsLeft(at: 10) == 30.0)
    }

    @Test func `the time left goes by what reels cost`() {
        var state = ProgressState(reels: ["cheap", "dear", "dear too"], weights: [1, 4, 4], now: 0)
        _ = state.apply(.started(reel: 0), now: 0)
        _ = state.apply(.finished(reel: 0), now: 10)
        #expect(state.secondsLeft(at: 10) == 80.0)
        _ = state.apply(.upToDate(reel: 1), now: 10)
        _ = state.apply(.started(reel: 2), now: 10)
        #expect(state.secondsLeft(at: 10) == 20.0, "one that runs counts half")
    }

    @Test(arguments: 20...140)
    func `no line is wider than the terminal`(width: Int) {
        let name = "a-rather-long-name-of-a-manifest/block_16_depthwise_relu/319"
        var state = ProgressState(reels: [name], now: 0)
        _ = state.apply(.started(reel: 0), now: 0)
        let progress = StageProgress(
            stage: .bands, fraction: 0.5, step: 100_000, stepCount: 200_000, lowestActivation: -12.5)
        _ = state.apply(.progressed(reel: 0, progress), now: 1)
        let line = ProgressFormat().line(name: name, reel: state.running[0], now: 5_000, width: width)
        #expect(line.count <= width, "\(line)")
        #expect(ProgressFormat().overall(state, now: 5_000, width: width).count <= width)
    }

    @Test func `the time left comes from the rate of the reels that have ended`() {
        var state = ProgressState(reels: (0..<10).map { "r/l/\($0)" }, now: 0)
        for reel in 0..<2 { _ = state.apply(.started(reel: reel), now: 0) }
        #expect(state.secondsLeft(at: 30) == nil)
        for reel in 0..<2 { _ = state.apply(.finished(reel: reel), now: 60) }
        for reel in 2..<4 { _ = state.apply(.started(reel: reel), now: 60) }
        // 2 of 10 in 60 s: 30 s each; 6 wait and 2 have just begun.
        #expect(state.secondsLeft(at: 60) == 210.0)
        for reel in 4..<10 { _ = state.apply(.started(reel: reel), now: 60) }
        for reel in 2..<10 { _ = state.apply(.finished(reel: reel), now: 90) }
        #expect(state.secondsLeft(at: 90) == nil, "nothing is left")
    }

    @Test func `plain progress is one line for each stage and each reel`() {
        let stage = Recorder()
        let display = stage.display(.plain, reels: ["a/l/0", "b/l/1"])
        display.report(.started(reel: 0))
        for step in 0..<100 {
            display.report(.progressed(reel: 0, StageProgress(stage: .facets, fraction: 0.1, step: step)))
        }
        stage.wait(65)
        display.report(.progressed(reel: 0, StageProgress(stage: .bands, fraction: 0, step: 0)))
        display.report(.finished(reel: 0))
        display.report(.started(reel: 1))
        display.report(.failed(reel: 1, message: "facet naive: not finite"))
        #expect(
            stage.written == """
                [0:00] a/l/0: facets
                [1:05] a/l/0: bands
                [1:05] a/l/0: done in 1:05 (1/2 films)
                [1:05] b/l/1: failed in 0:00: facet naive: not finite

                """)
    }

    @Test func `bars are drawn over themselves, and not too often`() {
        let stage = Recorder()
        let terminal = Terminal(environment: ["TERM": "xterm", "NO_COLOR": "1"], isTerminal: true, size: (80, 24))
        #expect(!terminal.usesColor)
        let display = stage.display(.bars(terminal), reels: ["a/l/0"])
        display.report(.started(reel: 0))
        display.report(.progressed(reel: 0, StageProgress(stage: .facets, fraction: 0, step: 0)))
        let before = stage.written.count
        for step in 0..<50 {
            display.report(.progressed(reel: 0, StageProgress(stage: .facets, fraction: 0.1, step: step)))
        }
        #expect(stage.written.count == before)
        stage.wait(0.2)
        display.report(.progressed(reel: 0, StageProgress(stage: .facets, fraction: 0.5, step: 51)))
        #expect(stage.written.hasSuffix("running, 0:00 gone, ETA 0:00\n"), "\(stage.written)")
        #expect(stage.written.contains("\u{1B}[2A\r\u{1B}[J"))
        #expect(!stage.written.contains("\u{1B}[3"))
    }

    @Test func `lines of JSON are objects, and steps come at most once a second`() throws {
        let stage = Recorder()
        let display = stage.display(.json, reels: ["a/l/0"])
        display.report(.started(reel: 0))
        for step in 0..<10 {
            display.report(
                .progressed(
                    reel: 0, StageProgress(stage: .bands, fraction: 0.5, step: step, lowestActivation: .nan)))
        }
        stage.wait(1.5)
        display.report(.progressed(reel: 0, StageProgress(stage: .bands, fraction: 0.75, step: 11)))
        display.report(.finished(reel: 0))
        let lines = stage.written.split(separator: "\n")
        let objects = try lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(objects.map { $0["event"] as? String } == ["started", "stage", "step", "finished"])
        #expect(objects[2]["step"] as? Int == 11)
        #expect(objects[3]["seconds"] as? Double == 1.5)
    }

    @Test func `a dumb terminal or a pipe gets no bars`() {
        #expect(!Terminal(environment: ["TERM": "dumb"], isTerminal: true, size: (80, 24)).isInteractive)
        #expect(!Terminal(environment: ["TERM": "xterm"], isTerminal: false, size: (0, 0)).isInteractive)
        #expect(Terminal(environment: ["COLUMNS": "132"], isTerminal: false, size: (0, 0)).width == 132)
        #expect(Terminal(environment: ["COLUMNS": "x"], isTerminal: false, size: (0, 0)).width == 80)
    }
}
