/// A film's activations beside those of photographs.
public enum PhotographComparison {
    /// The share of pairs in which a frame excites the unit more than a photograph, 0...1; equal ones count half (CoSy,
    /// Kopf et al. 2024, "AUC"). Nil without frames or photographs.
    public static func areaUnderCurve(_ frames: [Double], _ photographs: [Double]) -> Double? {
        guard !frames.isEmpty, !photographs.isEmpty else { return nil }
        let sorted = photographs.sorted()
        var sum = 0.0
        for frame in frames {
            let below = sorted.firstPlace { $0 >= frame }
            let upTo = sorted.firstPlace { $0 > frame }
            sum += Double(below + upTo) / 2
        }
        return sum / (Double(frames.count) * Double(sorted.count))
    }

    /// How many standard deviations of the photographs the frames' mean lies above theirs (CoSy, "MAD"). Nil where the
    /// photographs do not differ.
    public static func distance(_ frames: [Double], _ photographs: [Double]) -> Double? {
        guard !frames.isEmpty, let first = photographs.first, photographs.contains(where: { $0 != first }) else {
            return nil
        }
        let mean = photographs.reduce(0, +) / Double(photographs.count)
        let variance =
            photographs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(photographs.count)
        return (frames.reduce(0, +) / Double(frames.count) - mean) / variance.squareRoot()
    }

    /// The frames' mean over the best photograph, both from a baseline (own). Nil where no photograph is above that.
    public static func overDrive(_ frames: [Double], _ photographs: [Double], baseline: Double) -> Double? {
        guard !frames.isEmpty, let best = photographs.max(), best > baseline else { return nil }
        return (frames.reduce(0, +) / Double(frames.count) - baseline) / (best - baseline)
    }
}

extension [Double] {
    /// The first place of a sorted list from which on a condition holds.
    fileprivate func firstPlace(where holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
