import Foundation
import Pipeline

extension EngineBenchmark {
    /// For people.
    public var table: String {
        var lines = [String(format: "FMA peak of a core: %.0f GFLOP/s", fmaPeakGFLOPS), ""]
        lines.append(
            "to                    workers   batch   ms/image best   median   GFLOP/s   % of peak   forward best   median"
        )
        for depth in depths {
            let name = depth.layer.padding(toLength: 20, withPad: " ", startingAt: 0)
            lines.append(
                name
                    + String(
                        format: "%9d%8d%16.2f%9.2f%10.0f%12.0f%15.2f%9.2f", depth.workers, depth.batch,
                        depth.millisecondsPerImageMinimum, depth.millisecondsPerImageMedian, depth.gflops,
                        depth.percentOfPeak, depth.forwardMillisecondsMinimum, depth.forwardMillisecondsMedian))
        }
        if let deepest = depths.last {
            lines += ["", String(format: "Memory of a worker beside the weights: %.1f MB", deepest.workerMegabytes)]
        }
        if let standardStep {
            lines.append(
                String(
                    format: "A step of the standard band: %.2f ms a pivot (median %.2f), %.1f %% outside the network",
                    standardStep.millisecondsPerPivot, standardStep.millisecondsPerPivotMedian,
                    100 * standardStep.outsideNetworkShare))
        }
        if let profileOfKinds {
            let total = profileOfKinds.reduce(0) { $0 + $1.milliseconds }
            lines += ["", "kind of step                  steps   forward ms   backward ms   share"]
            lines += profileOfKinds.map {
                $0.kind.padding(toLength: 28, withPad: " ", startingAt: 0)
                    + String(
                        format: "%7d%13.3f%14.3f%6.0f %%", $0.count, $0.forwardMilliseconds, $0.backwardMilliseconds,
                        100 * $0.milliseconds / max(total, .leastNonzeroMagnitude))
            }
        }
        if let profile {
            let width = (profile.map(\.layer.count).max() ?? 0) + 2
            lines += ["", "step".padding(toLength: width, withPad: " ", startingAt: 0) + " forward ms   backward ms"]
            lines += profile.map {
                $0.layer.padding(toLength: width, withPad: " ", startingAt: 0)
                    + String(format: "%11.3f%14.3f", $0.forwardMilliseconds, $0.backwardMilliseconds)
            }
        }
        return lines.joined(separator: "\n")
    }
}
