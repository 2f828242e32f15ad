import ConvNet
import JobManifest
import Synchronization

/// The logs of the reels that a run renders. It receives all events of the run, and passes them on.
public final class RunLogs: ProgressReporter {
    /// The time and the work that a reel took.
    struct Result: Sendable {
        var seconds: Double
        var evaluations: Int
        /// Nil where the log could not be written.
        var path: String?
    }

    private let reels: [Reel]
    private let folder: RunFolder
    private let next: any ProgressReporter
    private let stop: StopSignal?
    private let hasSaidStopping = Atomic<Bool>(false)
    private let open = Guarded<[Int: ReelLog]>([:])

    /// - Parameters:
    ///   - output: the run's output folder.
    ///   - next: the reporter to which all events are passed on.
    ///   - stop: whoever looks at the progress is told once that a signal has asked for it.
    public init(reels: [Reel], output: String, next: any ProgressReporter, stop: StopSignal? = nil) {
        self.stop = stop
        self.reels = reels
        folder = RunFolder(output: output)
        self.next = next
    }

    /// Begins the log of a reel anew.
    func start(_ index: Int) {
        let log = ReelLog(path: folder.log(ofReel: reels[index].folder), reel: reels[index].folder)
        open.update { $0[index] = log }
    }

    /// Runs `body`; images that the network sees meanwhile count for the reel.
    func metering<Value>(_ index: Int, _ body: () throws -> Value) rethrows -> Value {
        try EvaluationMeter.$current.withValue(open.value[index]?.meter, operation: body)
    }

    /// Closes the log of a reel that has ended.
    func finish(_ index: Int) -> Result {
        guard let log = open.update({ $0.removeValue(forKey: index) }) else {
            return Result(seconds: 0, evaluations: 0, path: nil)
        }
        return Result(
            seconds: log.seconds, evaluations: log.meter.evaluations, path: log.isWritten ? log.path : nil)
    }

    public func report(_ event: ProgressEvent) {
        if let signal = stop?.signal, !hasSaidStopping.exchange(true, ordering: .relaxed) {
            next.report(.stopping(signal: signal))
        }
        let open = open.value
        switch event {
        case .progressed(let reel, let progress): open[reel]?.progressed(progress)
        case .finished(let reel): open[reel]?.ended("finished")
        case .failed(let reel, let message): open[reel]?.ended("failed", message: message)
        case .stopped(let reel): open[reel]?.ended("stopped")
        case .warned(let message):
            // A warning names no reel, but it comes from inside the reel's work.
            let meter = EvaluationMeter.current
            open.values.first { $0.meter === meter }?.warned(message)
        case .started, .upToDate, .stopping, .waiting: break
        }
        next.report(event)
    }
}
