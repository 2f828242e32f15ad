import ArgumentParser
import Dispatch
import Foundation
import Pipeline

/// The first SIGINT, SIGTERM or SIGHUP asks the run to stop, the second ends the process at once.
final class StopOnSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopSignal) {
        let queue = DispatchQueue(label: "facetreel.signals")
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            // The default would end the process before the source hears of it.
            let before = signal(number, SIG_IGN)
            // A program that was started with `nohup` is to outlive the terminal.
            if number == SIGHUP, isIgnored(before) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                guard stop.request(signal: number) else { _exit(ExitCode.stopped(by: number).rawValue) }
                Message.line("stopping at the next step; once more stops at once")
            }
            source.resume()
            return source
        }
    }
}

/// C's `SIG_IGN` is the number 1 as a function.
private func isIgnored(_ handler: sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}
