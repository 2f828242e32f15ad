import Pipeline
import Foundation
import JobManifest

/// What reels will cost on this machine.
public struct CostForecast: Sendable {
    /// Seconds of one core, reel by reel.
    public let seconds: [Double]
    private let reels: [Reel]

    /// - Parameter calibration: without one, that of some machine: costs are then right in proportion only.
    public init(_ reels: [Reel], _ calibration: Calibration = .typical) {
        self.reels = reels
        // Most reels of a batch differ in their unit alone.
        var known: [(kind: Kind, seconds: Double)] = []
        seconds = reels.map { reel in
            let kind = Kind(reel)
            if let found = known.last(where: { $0.kind == kind }) { return found.seconds }
            known.append((kind, Self.seconds(reel, calibration)))
            return known[known.count - 1].seconds
        }
    }

    /// What reels ask for in proportion to each other, whatever the machine, as whole numbers: of the typical
    /// calibration, which is part of the program, and not of a measured one. So all that share a batch come to the same.
    ///
    /// The unit is a millisecond of one core of that typical machine; at least 1 each.
    public static func workUnits(_ reels: [Reel]) -> [Int] {
        CostForecast(reels, .typical).seconds.map { max(Int(min($0 * 1000, 1e12).rounded()), 1) }
    }

    /// All that a cost depends on.
    private struct Kind: Equatable {
        let layer: String
        let image: ImageSettings
        let facets: [FacetSettings]
        let neb: NEBSettings
        let hasGraph: Bool

        init(_ reel: Reel) {
            (layer, image, facets, neb) = (reel.layer, reel.image, reel.facets, reel.neb)
            hasGraph = reel.video.graph
        }
    }

    private static func seconds(_ reel: Reel, _ calibration: Calibration) -> Double {
        let work = ReelWork(reel)
        let (height, width) = (reel.image.height, reel.image.width)
        let own = calibration.milliseconds(to: reel.layer, height: height, width: width)
        let features = calibration.milliseconds(to: featureLayer, height: height, width: width)
        let beside = calibration.millisecondsBesideNetwork(height: height, width: width)
        // One image that is only looked at is decoded and transformed, but nothing goes back.
        let images = work.gradients * (own.gradient + beside) + work.forwards * (own.forward + beside / 3)
        let frames = work.features * (features.forward + beside / 3)
        // A film's pixel costs what it costs, whatever the size of the images.
        let yardstick = calibration.milliseconds(to: featureLayer, height: 224, width: 224).gradient
        return (images + frames + work.filmPixels * shareOfPixel * yardstick) / 1000
    }

    private static let featureLayer = "block_12_add"
    /// Drawing and encoding a pixel of the film, as a share of an image's way to block_12_add and back at 224 px:
    /// measured on films of 1224 x 504.
    private static let shareOfPixel = 6.2e-6

    /// Of all of them.
    public var coreSeconds: Double { seconds.reduce(0, +) }

    /// `about 9.4 core-hours, 4.7 hours on 2 workers`
    public func summary(workers: Int) -> String {
        let all = coreSeconds
        return "about \(Self.text(all)) of one core, \(Self.text(all / Double(max(workers, 1)))) on "
            + (workers == 1 ? "1 worker" : "\(workers) workers")
    }

    /// One line a layer: its films, what one costs, and all of them.
    public var layers: [(layer: String, films: Int, secondsEach: Double, seconds: Double)] {
        var order: [String] = []
        var sums: [String: (films: Int, seconds: Double)] = [:]
        for (reel, seconds) in zip(reels, seconds) {
            if sums[reel.layer] == nil { order.append(reel.layer) }
            sums[reel.layer, default: (0, 0)].films += 1
            sums[reel.layer, default: (0, 0)].seconds += seconds
        }
        return order.map { layer in
            let sum = sums[layer] ?? (0, 0)
            return (layer, sum.films, sum.seconds / Double(max(sum.films, 1)), sum.seconds)
        }
    }

    /// The same as text, where there is more than one layer.
    public var table: [String] {
        let layers = layers
        guard layers.count > 1 else { return [] }
        let width = layers.map(\.layer.count).max() ?? 0
        return layers.map { line in
            line.layer.padding(toLength: width, withPad: " ", startingAt: 0)
                + "  \(line.films) films of \(Self.text(line.secondsEach)), \(Self.text(line.seconds))"
        }
    }

    /// `9.4 hours`, `12 minutes`, `40 seconds`
    static func text(_ seconds: Double) -> String {
        func rounded(_ value: Double) -> String {
            value < 10 ? String(format: "%.1f", value) : String(Int(value.rounded()))
        }
        if seconds >= 3600 { return rounded(seconds / 3600) + " hours" }
        if seconds >= 60 { return rounded(seconds / 60) + " minutes" }
        return rounded(seconds) + " seconds"
    }
}
