import ArgumentParser
import CPlatform
import Glibc
import Pipeline

extension StopSignal {
    /// Stops at the first SIGINT, SIGTERM or SIGHUP; a second one, a quarter of a second later or more, ends the process
    /// at once, whatever its threads do.
    ///
    /// A program that was started with SIGHUP or SIGINT ignored is to outlive the terminal (`nohup`), or the keys that are
    /// meant for others (`&` in a script): these go on being ignored.
    static func onSignals(deadline: Deadline?) -> StopSignal {
        let signals = [SIGINT, SIGTERM, SIGHUP].filter { $0 == SIGTERM || facetreel_is_ignored($0) == 0 }
        let status = ExitCode.stopped(by: 0)
        facetreel_stop_on_signals(
            signals, Int32(signals.count), status.rawValue, status == .unfinished ? 1 : 0)
        return StopSignal(deadline: deadline, received: facetreel_stop_signal)
    }
}
