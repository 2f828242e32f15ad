import Dispatch
import Foundation
import Pipeline

/// The first SIGINT or SIGTERM asks the run to stop, the second ends the process at once.
final class StopOnSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopSignal) {
        let queue = DispatchQueue(label: "facetreel.signals")
        sources = [SIGINT, SIGTERM].map { number in
            // The default would end the process before the source hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                guard stop.request(signal: number) else { _exit(128 + number) }
                Message.line("stopping at the next step; once more stops at once")
            }
            source.resume()
            return source
        }
    }
}
