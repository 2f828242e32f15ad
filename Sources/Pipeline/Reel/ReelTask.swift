import ConvNet
import FeatureVisualization
import JobManifest

/// One reel of a run and what it is rendered with: what its stages share.
struct ReelTask: Sendable {
    let reel: Reel
    /// Its place among the reels of the run.
    let index: Int
    let context: RenderContext

    /// The transforms of robust activations are the same for every film, so that films can be compared.
    static let robustSeed: UInt64 = 0

    var height: Int { reel.image.height }
    var width: Int { reel.image.width }
    /// The shape of an image, and of its pixels as a tensor.
    var imageShape: [Int] { [height, width, Image.channelCount] }

    var keys: StageKeys { StageKeys(reel: reel, weightsDigest: context.weightsDigest) }

    /// What the reel's images maximise.
    var objective: ImageObjective {
        ImageObjective(
            Objective(reel.objective, unit: reel.unit), layer: reel.layer, of: context.network, height: height,
            width: width, stop: context.pool.stop)
    }

    var robustActivation: RobustActivation {
        RobustActivation(seed: Self.robustSeed, height: height, width: width)
    }

    /// Adds up the progress of a stage's parts.
    func tracker(_ stage: Stage, limits: [Int], isExact: Bool) -> StageTracker {
        StageTracker(stage, reel: index, limits: limits, isExact: isExact, reporter: context.progress)
    }
}
