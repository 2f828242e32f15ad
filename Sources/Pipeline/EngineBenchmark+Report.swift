import Foundation

extension EngineBenchmark {
    /// One JSON object, keys sorted.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// For people.
    public var table: String {
        var lines = [String(format: "FMA peak of a core: %.0f GFLOP/s", fmaPeakGFLOPS), ""]
        lines.append("to                    workers   ms/image best   median   GFLOP/s   % of peak")
        for depth in depths {
            let name = depth.layer.padding(toLength: 20, withPad: " ", startingAt: 0)
            lines.append(
                name
                    + String(
                        format: "%9d%16.2f%9.2f%10.0f%12.0f", depth.workers, depth.millisecondsPerImageMinimum,
                        depth.millisecondsPerImageMedian, depth.gflops, depth.percentOfPeak))
        }
        return lines.joined(separator: "\n")
    }
}
