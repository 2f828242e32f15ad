import ElasticBand
import FeatureVisualization
import Records

/// A path as its film would show it, and what was found out about it on the way.
struct ExaminedPath: Sendable {
    let timed: TimedPath
    let measured: MeasuredPath
    /// The frames that the costly measures looked at, and their activations under transforms.
    let frames: [Int]
    let robust: [Double]

    /// How far it is from its bars: the sum over the measures that further steps can raise, each relative to its bar; 0
    /// for a path that reaches them. A measure that says nothing cannot be raised.
    var shortfall: Double {
        [Measure.Key.minimumRatio, .robustMinimum].reduce(0) { sum, key in
            let measure = key.measure
            guard let bar = measure.bar, let value = measured.entry.measures[key] else { return sum }
            return sum + max(0, measure.shortfall(value) ?? 0) / bar
        }
    }
}

extension PathStage {
    /// The frames of a path with their measures. If these are below the bars, the band takes further steps: step control
    /// has judged by averages under transforms against a line, and now it is known which images lack what in the film
    /// itself. As long as that brings something, three times at most; each time takes no more steps than one level.
    func improved(
        _ timed: TimedPath, _ ends: PathEnds, on worker: Worker, _ onSteps: (Int, Double?) -> Void
    ) throws -> MeasuredPath {
        var best = try examined(timed, ends, on: worker)
        var spent = (evaluations: 0, gradientEvaluations: 0)
        if canImprove {
            for _ in 0..<Self.improvements {
                guard best.shortfall > 0,
                    let lifts = lifts(of: best, ends)
                else { break }
                let further = try further(best.timed, lifts: lifts, ends, on: worker, onSteps)
                let next = try examined(further, ends, on: worker)
                if next.shortfall < best.shortfall {
                    best = next
                } else {
                    // What was tried in vain is counted, too.
                    spent.evaluations = next.measured.entry.evaluations - best.measured.entry.evaluations
                    spent.gradientEvaluations = further.gradientEvaluations - best.timed.gradientEvaluations
                    break
                }
            }
        }
        var entry = best.measured.entry
        entry.evaluations += spent.evaluations
        entry.gradientEvaluations += spent.gradientEvaluations
        return MeasuredPath(path: best.measured.path, entry: entry)
    }

    private static let improvements = 3

    /// Whether the manifest's band is of the kind whose steps can be continued: one that stops once it has settled, and
    /// may take further steps.
    private var canImprove: Bool {
        settings.rules.controlsSteps && settings.extraSteps > 0 && settings.refinementSteps == 0
            && settings.climbingSteps == 0
    }

    private func lifts(of path: ExaminedPath, _ ends: PathEnds) -> [Double]? {
        // A path that rises from a picture is not held to the line.
        let values = path.measured.path.activations.map { $0 - baseline }
        if ends.hasPicture, let first = values.first, let last = values.last,
            PathMeasures.pictureHeight(first, last, among: values) != nil
        {
            return nil
        }
        let places = path.timed.timing.places
        return PathLifts(
            activations: path.measured.path.activations, at: places, robust: path.robust,
            at: path.frames.map { places[$0] }, pivots: settings.pivots, baseline: baseline
        ).values
    }

    private func examined(_ timed: TimedPath, _ ends: PathEnds, on worker: Worker) throws -> ExaminedPath {
        var timed = timed
        let (path, evaluations) = try frames(timed, ends, on: worker)
        timed.evaluations += evaluations
        return try measure(path, of: timed, ends, on: worker)
    }

    /// The same path after further steps, its frames spread anew.
    private func further(
        _ timed: TimedPath, lifts: [Double], _ ends: PathEnds, on worker: Worker, _ onSteps: (Int, Double?) -> Void
    ) throws -> TimedPath {
        var objective = objective(of: ends, on: worker)
        var band = BandWrapper(
            along: timed.result.path, lifts: lifts, after: timed.result.steps, space: space, settings: settings)
        let result = timed.result.continued(by: try result(of: &band, &objective, nil, onSteps))
        let path = TimedPath(
            result: result, timing: retiming(result), evaluations: timed.evaluations + objective.evaluations,
            gradientEvaluations: timed.gradientEvaluations + objective.gradientEvaluations)
        return try self.timed(path, ends, on: worker, nil)
    }
}

/// How much more than the line between its ends each pivot of a path has to reach under transforms, so that the film
/// meets its bars; relative to the line's height over the baseline.
struct PathLifts {
    /// One for each pivot; nil if nothing is known to lack.
    let values: [Double]?

    /// What is asked for beyond the bar, since the next frames lie elsewhere.
    private static let margin = 0.01
    /// Pivots take steps in proportion to what they lack (`StepControl`); with less than this they would hardly move.
    private static let push = 0.03

    /// - Parameters:
    ///   - activations: of the frames, which lie at `places` of the path; pivot i lies at place i, the ends at 0 and
    ///     `pivots` + 1.
    ///   - robust: activations under transforms of the frames at `robustPlaces`, both ends included.
    init(
        activations: [Double], at places: [Double], robust: [Double], at robustPlaces: [Double], pivots: Int,
        baseline: Double
    ) {
        guard let first = activations.first, let last = activations.last, let firstRobust = robust.first,
            let lastRobust = robust.last, let lowestBar = Measure.Key.minimumRatio.measure.bar,
            let robustBar = Measure.Key.robustMinimum.measure.bar
        else {
            values = nil
            return
        }
        let lower = min(first, last) - baseline
        var lacking = [Double](repeating: 0, count: pivots)
        var excess = lacking
        func line(_ place: Double) -> Double {
            firstRobust + (lastRobust - firstRobust) * place / Double(pivots + 1) - baseline
        }
        for pivot in 1...pivots {
            let isNear = { (place: Double) in abs(place - Double(pivot)) <= 1 }
            for (activation, place) in zip(activations, places) where isNear(place) && lower > 0 {
                lacking[pivot - 1] = max(lacking[pivot - 1], lowestBar + Self.margin - (activation - baseline) / lower)
            }
            var ratios: [Double] = []
            for (robust, place) in zip(robust, robustPlaces) where isNear(place) && line(place) > 0 {
                let ratio = (robust - baseline) / line(place)
                lacking[pivot - 1] = max(lacking[pivot - 1], robustBar + Self.margin - ratio)
                ratios.append(ratio)
            }
            excess[pivot - 1] = ratios.isEmpty ? 0 : max(0, ratios.reduce(0, +) / Double(ratios.count) - 1)
        }
        values =
            lacking.contains { $0 > 0 }
            ? zip(lacking, excess).map { lack, excess in lack > 0 ? excess + lack + Self.push : 0 } : nil
    }
}
