import Foundation
import JobManifest
import Networks
import Pipeline
import Records

/// What reels will cost on this machine.
public struct CostForecast: Sendable {
    /// Seconds of one core, reel by reel.
    public let seconds: [Double]
    private let reels: [Reel]

    /// - Parameters:
    ///   - network: describes a network; nil for one that cannot be opened.
    ///   - calibrations: those of this machine. Without them, costs are right only in proportion to each other.
    public init(
        _ reels: [Reel], describing network: (NetworkReference) -> NetworkDescription?,
        _ calibrations: [NetworkReference: Calibration] = [:]
    ) {
        self.reels = reels
        // Most reels of a batch differ in their unit alone.
        var known: [(kind: Kind, seconds: Double)] = []
        seconds = reels.map { reel in
            let kind = Kind(reel)
            if let found = known.last(where: { $0.kind == kind }) { return found.seconds }
            // A reel of a network that cannot be opened cannot be rendered.
            let seconds = network(reel.network).map {
                Self.seconds(reel, $0, calibrations[reel.network] ?? .typical)
            }
            known.append((kind, seconds ?? 0))
            return known[known.count - 1].seconds
        }
    }

    /// The costs of reels in proportion to each other, as whole numbers that are the same on every machine. They come
    /// from the typical calibration, which is part of the program, and not from a measured one. So all processes that
    /// share a batch get the same numbers.
    /// The unit is a millisecond of one core of that typical machine; at least 1 each.
    public static func workUnits(
        _ reels: [Reel], describing network: (NetworkReference) -> NetworkDescription?
    ) -> [Int] {
        CostForecast(reels, describing: network).seconds.map { max(Int(min($0 * 1000, 1e12).rounded()), 1) }
    }

    /// All that a cost depends on.
    private struct Kind: Equatable {
        let network: NetworkReference
        let layer: String
        let image: ImageSettings
        let facets: [FacetSettings]
        let neb: NEBSettings
        let hasGraph: Bool
        let trust: Bool
        let hasPictures: Bool

        init(_ reel: Reel) {
            (network, layer, image, facets, neb) = (reel.network, reel.layer, reel.image, reel.facets, reel.neb)
            (hasGraph, trust, hasPictures) = (reel.video.graph, reel.trust, reel.pictures != nil)
        }
    }

    private static func seconds(
        _ reel: Reel, _ network: NetworkDescription, _ calibration: Calibration
    ) -> Double {
        // A reel of a layer that does not exist cannot be rendered.
        guard let layer = network.layer(reel.layer) else { return 0 }
        let work = ReelWork(reel, in: layer)
        let (height, width) = (reel.image.height, reel.image.width)
        let own = calibration.milliseconds(to: layer, height: height, width: width)
        let features = calibration.milliseconds(to: network.deepestPerceptualLayer, height: height, width: width)
        let beside = calibration.millisecondsBesideNetwork(height: height, width: width)
        // An image without gradient is decoded and transformed, but nothing goes back.
        let images = work.gradients * (own.gradient + beside) + work.forwards * (own.forward + beside / 3)
        let frames = work.features * (features.forward + beside / 3)
        // The cost of a pixel of the film does not depend on the size of the images.
        let standard = network.standardLayer
        let yardstick =
            calibration.milliseconds(to: standard, height: 224, width: 224).gradient
            / standard.multiplyAccumulates(height: 224, width: 224)
        return (images + frames + work.filmPixels * operationsPerPixel * yardstick) / 1000
    }

    /// Drawing and encoding a pixel of the film takes as long as so many multiply-accumulates of the network, forward and
    /// back: measured on films of 1224 x 504.
    private static let operationsPerPixel = 1300.0

    /// The sum over all reels.
    public var coreSeconds: Double { seconds.reduce(0, +) }

    /// `about 9.4 core-hours, 4.7 hours on 2 workers`
    public func summary(workers: Int) -> String {
        let all = coreSeconds
        return "about \(Durations.rough(all)) of one core, \(Durations.rough(all / Double(max(workers, 1)))) on "
            + (workers == 1 ? "1 worker" : "\(workers) workers")
    }

    /// For each layer: the number of its films, the cost of one, and the cost of all of them.
    public var layers: [(layer: String, films: Int, secondsEach: Double, seconds: Double)] {
        let isOfSeveral = Set(reels.map(\.network)).count > 1
        func title(_ reel: Reel) -> String { (isOfSeveral ? "\(reel.network.shortName) " : "") + reel.layer }
        let all = Dictionary(grouping: reels.indices) { title(reels[$0]) }
        return all.values.sorted { $0[0] < $1[0] }.map { places in
            let sum = places.reduce(0) { $0 + seconds[$1] }
            return (title(reels[places[0]]), places.count, sum / Double(places.count), sum)
        }
    }

    /// The same as lines of text; none if there is only one layer.
    public var table: [String] {
        let layers = layers
        guard layers.count > 1 else { return [] }
        let width = layers.map(\.layer.count).max() ?? 0
        return layers.map { line in
            line.layer.padding(toLength: width, withPad: " ", startingAt: 0)
                + "  \(line.films) \(line.films == 1 ? "film" : "films")"
                + " of \(Durations.rough(line.secondsEach)), \(Durations.rough(line.seconds))"
        }
    }
}
