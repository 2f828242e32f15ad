import ConvNet
import Disk
import Foundation
import Glibc
import Records

/// What happened to one reel in the run that rendered it last: a file of JSON lines. There is a line for the beginning,
/// one for each stage that has ended, one for each warning, and one for the end. Each line is written at once.
///
/// A log that cannot be written is no reason for the reel to fail.
public final class ReelLog: Sendable {
    public struct Line: Codable, Equatable {
        public var event: String
        /// ISO 8601, in UTC.
        var time = Date().formatted(.iso8601WithMilliseconds)
        var reel: String?
        /// The process that renders it.
        var process: Int32?
        var stage: Stage?
        /// Wall time of the stage, or of the reel.
        var seconds: Double?
        /// Images that the network has seen in it.
        var evaluations: Int?
        var steps: Int?
        /// The lowest activation when the stage ended.
        var lowestActivation: Double?
        public var message: String?

        init(_ event: String) {
            self.event = event
        }
    }

    private struct RunningStage {
        var progress: StageProgress
        let started: Double
        let evaluations: Int
    }

    let path: String
    let meter = EvaluationMeter()
    private let descriptor: Int32
    private let clock: MonotonicClock
    private let started: Double
    private let stage = Guarded<RunningStage?>(nil)

    init(path: String, reel: String, clock: MonotonicClock = .system) {
        self.path = path
        self.clock = clock
        started = clock.now()
        try? Folder.make((path as NSString).deletingLastPathComponent)
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o666)
        var line = Line("started")
        line.reel = reel
        line.process = getpid()
        write(line)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    var isWritten: Bool { descriptor >= 0 }
    var seconds: Double { clock.now() - started }

    func progressed(_ progress: StageProgress) {
        let ended = stage.update { stage -> RunningStage? in
            guard stage?.progress.stage != progress.stage else {
                stage?.progress = progress
                return nil
            }
            defer { stage = RunningStage(progress: progress, started: clock.now(), evaluations: meter.evaluations) }
            return stage
        }
        if let ended { write(line(of: ended)) }
    }

    func warned(_ message: String) {
        var line = Line("warning")
        line.message = message
        write(line)
    }

    /// How the reel ended: finished, failed or stopped.
    func ended(_ event: String, message: String? = nil) {
        if let last = stage.update({ $0.take() }) { write(line(of: last)) }
        var line = Line(event)
        line.seconds = seconds.roundedToMilliseconds
        line.evaluations = meter.evaluations
        line.message = message
        write(line)
    }

    /// The last lines of a log; none where it cannot be read.
    static func tail(of path: String, lines count: Int) -> [String] {
        // Nothing but a regular file: a pipe would never end.
        guard let file = try? OpenFile(path: path) else { return [] }
        // A line has a few hundred bytes.
        let length = min(file.size, 1 << 14)
        guard let bytes: [UInt8] = try? file.values(length, at: file.size - length) else { return [] }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(separator: "\n").suffix(count).map(String.init)
    }

    /// The last line of a log: how the attempt ended, or what it did last. Nil if no log can be read.
    public static func lastLine(of path: String) -> Line? {
        tail(of: path, lines: 1).last.flatMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    private func line(of stage: RunningStage) -> Line {
        var line = Line("stage")
        line.stage = stage.progress.stage
        line.seconds = (clock.now() - stage.started).roundedToMilliseconds
        line.evaluations = meter.evaluations - stage.evaluations
        line.steps = stage.progress.step
        line.lowestActivation = stage.progress.lowestActivation.flatMap { $0.isFinite ? $0 : nil }
        return line
    }

    private func write(_ line: Line) {
        guard descriptor >= 0, let data = try? line.stableJSON() else { return }
        // In one call: lines of two workers must not mix.
        _ = (data + Data("\n".utf8)).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
