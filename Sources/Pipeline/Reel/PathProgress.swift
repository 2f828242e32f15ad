import ConvNet
import ElasticBand
import FeatureVisualization
import JobManifest

/// The state of an unfinished path, as a checkpoint keeps it.
enum PathProgress {
    case band(BandWrapper<ImageSpace>, evaluations: Int, gradientEvaluations: Int)
    /// The band is finished; its frames are being spread.
    case timing(TimedPath)

    static func record(of band: BandWrapper<ImageSpace>, _ objective: PathObjective) throws -> StageRecord {
        let state = band.band.state
        var tensors = Self.tensors("point", state.path)
        tensors.merge(Self.tensors("mean", state.memories.map(\.mean))) { $1 }
        tensors.merge(Self.tensors("square", state.memories.map(\.square))) { $1 }
        return try StageRecord(
            Numbers(
                evaluations: objective.evaluations, gradientEvaluations: objective.gradientEvaluations,
                pointCount: state.path.count,
                band: BandNumbers(
                    activations: state.activations, activationsAreCurrent: state.activationsAreCurrent,
                    endObjectives: state.endObjectives, control: state.control, memoryCount: state.memories.count,
                    steps: state.steps, earlierSteps: state.earlierSteps, evaluations: state.evaluations,
                    gradientEvaluations: state.gradientEvaluations, stop: state.stop, runs: band.runs,
                    isRefining: band.isRefining, climber: band.climber)),
            tensors)
    }

    static func record(of path: TimedPath) throws -> StageRecord {
        let (result, timing) = (path.result, path.timing)
        return try StageRecord(
            Numbers(
                evaluations: path.evaluations, gradientEvaluations: path.gradientEvaluations,
                pointCount: result.path.count,
                timing: TimingNumbers(
                    activations: result.activations, levels: result.levels, refinement: result.refinement,
                    climber: result.climber, bandEvaluations: result.evaluations,
                    bandGradientEvaluations: result.gradientEvaluations, rounds: timing.rounds, places: timing.places,
                    steps: timing.steps, bestPlaces: timing.bestPlaces, profile: timing.profile)),
            tensors("point", result.path))
    }

    /// - Throws: `StageRecordError`, `BandError` where the parts do not fit together or not to the reel.
    init(_ record: StageRecord, of stage: PathStage) throws {
        let numbers = try record.decode(Numbers.self)
        let (settings, space) = (stage.settings, stage.space)
        func points(_ name: String, _ count: Int) throws -> [[Float]] {
            guard 0...settings.imagesBetweenFacets + 2 ~= count else {
                throw StageRecordError(description: "it has \(count) images")
            }
            return try (0..<count).map { try record.floats("\(name) \($0)", shape: [space.count]) }
        }
        // More than any path takes: the next ones are added to them.
        guard 0...1 << 40 ~= numbers.evaluations, 0...numbers.evaluations ~= numbers.gradientEvaluations else {
            throw StageRecordError(description: "its counts are impossible")
        }
        let path = try points("point", numbers.pointCount)
        if let band = numbers.band {
            let means = try points("mean", band.memoryCount)
            let squares = try points("square", band.memoryCount)
            let state = try BandState(
                path: path, activations: band.activations, activationsAreCurrent: band.activationsAreCurrent,
                endObjectives: band.endObjectives, control: band.control,
                memories: zip(means, squares).map { AdamMemory(mean: $0, square: $1) }, steps: band.steps,
                earlierSteps: band.earlierSteps, evaluations: band.evaluations,
                gradientEvaluations: band.gradientEvaluations, stop: band.stop)
            self = .band(
                try BandWrapper(
                    resuming: state, runs: band.runs, isRefining: band.isRefining, climber: band.climber,
                    space: space, settings: settings),
                evaluations: numbers.evaluations, gradientEvaluations: numbers.gradientEvaluations)
        } else if let timing = numbers.timing {
            let result = try BandResult(
                path: path, activations: timing.activations, levels: timing.levels, refinement: timing.refinement,
                climber: timing.climber, evaluations: timing.bandEvaluations,
                gradientEvaluations: timing.bandGradientEvaluations, settings: settings)
            var retiming = stage.retiming(result)
            if timing.rounds > 0 {
                guard let profile = timing.profile else {
                    throw StageRecordError(description: "it lacks what has been measured")
                }
                try retiming.resume(
                    places: timing.places, steps: timing.steps, bestPlaces: timing.bestPlaces, profile: profile,
                    rounds: timing.rounds)
            }
            self = .timing(
                TimedPath(
                    result: result, timing: retiming, evaluations: numbers.evaluations,
                    gradientEvaluations: numbers.gradientEvaluations))
        } else {
            throw StageRecordError(description: "it holds neither a band nor its frames' places")
        }
    }

    /// Each point is a tensor of its own, so that nothing is copied.
    private static func tensors(_ name: String, _ points: [[Float]]) -> [String: SafetensorsContents.Values] {
        Dictionary(
            uniqueKeysWithValues: points.enumerated().map { index, point in
                ("\(name) \(index)", .floats(Tensor(shape: [point.count], values: point)))
            })
    }
}

private struct Numbers: Codable {
    var evaluations: Int
    var gradientEvaluations: Int
    var pointCount: Int
    var band: BandNumbers?
    var timing: TimingNumbers?
}

private struct BandNumbers: Codable {
    var activations: [Double]
    var activationsAreCurrent: Bool
    var endObjectives: [Double]
    var control: StepControl
    var memoryCount: Int
    var steps: Int
    var earlierSteps: Int
    var evaluations: Int
    var gradientEvaluations: Int
    var stop: BandStop?
    var runs: [BandRun]
    var isRefining: Bool
    var climber: Int?
}

private struct TimingNumbers: Codable {
    var activations: [Double]
    var levels: [BandRun]
    var refinement: BandRun?
    var climber: Int?
    var bandEvaluations: Int
    var bandGradientEvaluations: Int
    var rounds: Int
    var places: [Double]
    var steps: [Double]
    var bestPlaces: [Double]
    var profile: LengthProfile?
}
