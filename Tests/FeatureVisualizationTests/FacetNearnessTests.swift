import ConvNet
import Testing

@testable import FeatureVisualization

/// Facets that are held near the image that they start at (arXiv 2402.10039).
@Suite struct FacetNearnessTests {
    private static let (height, width) = (40, 36)
    private static let picture: Image = {
        var image = Synthetic.waves(height: height, width: width)
        for index in image.pixels.indices { image.pixels[index] *= 0.6 }
        return image
    }()

    private func optimizer(
        nearness: Double? = 1, until: Double? = nil, steps: Int = 40, transforms: TransformSchedule? = .lucid,
        parameterization: Parameterization = .fourier
    ) -> FacetOptimizer {
        FacetOptimizer(
            FacetSpecification(
                name: "near", parameterization: parameterization, steps: steps, transforms: transforms,
                nearness: nearness, until: until),
            height: Self.height, width: Self.width, seed: 5, index: 2, start: FacetStart(Self.picture))
    }

    private func source() -> BlockSource { BlockSource(height: Self.height, width: Self.width) }

    private func facet(_ optimizer: FacetOptimizer) throws -> Facet {
        let source = source()
        while !optimizer.isFinished { try optimizer.advance(source) }
        return try optimizer.finish(source)
    }

    /// D of a facet's image from the start.
    private func distance(_ facet: Facet) throws -> Double {
        let source = source()
        var (features, origin) = (Tensor(zerosOf: source.featureShape), Tensor(zerosOf: source.featureShape))
        try source.findFeatures(of: facet.image, into: &features)
        try source.findFeatures(of: Self.picture, into: &origin)
        var unused = features
        return FeatureDistance.of(features, from: origin, cotangent: &unused)
    }

    @Test func `the distance is the mean over places of the length of what differs, with its slope`() {
        let origin = Tensor(shape: [1, 2, 2], values: [1, 1, 5, 5])
        var cotangent = Tensor(zerosOf: [1, 2, 2])
        let same = FeatureDistance.of(origin, from: origin, cotangent: &cotangent)
        #expect(same == 0 && cotangent.values == [0, 0, 0, 0])
        let moved = Tensor(shape: [1, 2, 2], values: [4, 5, 5, 5])
        #expect(FeatureDistance.of(moved, from: origin, cotangent: &cotangent) == 2.5)
        for (found, expected) in zip(cotangent.values, [0.3, 0.4, 0, 0] as [Float]) {
            #expect(abs(found - expected) < 1e-6, "\(cotangent.values)")
        }
    }

    /// Against central differences of A - w b D, along random directions.
    @Test func `the gradient is that of what is maximised`() throws {
        let source = source()
        let (weight, balance) = (0.7, NearnessBalance(activation: 3, distance: 2, steps: NearnessBalance.measuredSteps))
        let nearness = FacetNearness(weight: weight, origin: Self.picture, isTransformed: false)
        nearness.balance = balance
        var image = Self.picture
        let noise = Synthetic.noise(height: Self.height, width: Self.width, deviation: 0.4, seed: 3)
        for index in image.pixels.indices { image.pixels[index] += noise.pixels[index] }
        var gradient = Image(height: Self.height, width: Self.width)
        var evaluations = 0
        _ = try nearness.evaluate(image, source, gradient: &gradient, evaluations: &evaluations)

        func objective(_ image: Image) throws -> Double {
            var (features, origin) = (Tensor(zerosOf: source.featureShape), Tensor(zerosOf: source.featureShape))
            try source.findFeatures(of: image, into: &features)
            try source.findFeatures(of: Self.picture, into: &origin)
            var unused = features
            let distance = FeatureDistance.of(features, from: origin, cotangent: &unused)
            return Double(try source.activation(of: image)) - weight * 1.5 * distance
        }
        for seed in 0..<4 as Range<UInt64> {
            let direction = Synthetic.noise(height: Self.height, width: Self.width, seed: 10 + seed)
            // Small beside what the features differ by: the distance has a corner at each place where that is nothing.
            let step: Float = 0.004
            func along(_ scale: Float) throws -> Double {
                var moved = image
                for index in moved.pixels.indices { moved.pixels[index] += scale * direction.pixels[index] }
                return try objective(moved)
            }
            let expected = (try along(step) - along(-step)) / Double(2 * step)
            let found = Synthetic.dot(gradient.pixels, direction.pixels)
            print("slope \(found), by differences \(expected)")
            #expect(abs(found - expected) < 0.01 * abs(expected) + 2e-3, "\(found) is not \(expected)")
        }
    }

    @Test(arguments: [Parameterization.pixels, .fourier]) func `the harder it is held, the nearer it stays`(
        _ kind: Parameterization
    ) throws {
        let facets = try [nil, 0.3, 1, 5].map { try facet(optimizer(nearness: $0, parameterization: kind)) }
        let distances = try facets.map(distance)
        print("\(kind): distances", distances, "activations", facets.map(\.activation))
        for (far, near) in zip(distances, distances.dropFirst()) { #expect(near < far, "\(distances)") }
        #expect(facets[0].activation > facets[2].activation && distances[3] < 0.8 * distances[0])
        #expect(
            facets[2].activation > (try facet(optimizer(nearness: nil, steps: 0, parameterization: kind))).activation)
    }

    @Test func `the balance is taken over the first steps with both gradients, and stays`() throws {
        let (source, optimizer) = (source(), optimizer())
        try optimizer.advance(source)
        // At the start itself the distance has no gradient.
        #expect(optimizer.progress.nearness == NearnessBalance())
        for _ in 0..<NearnessBalance.measuredSteps { try optimizer.advance(source) }
        let balance = try #require(optimizer.progress.nearness)
        #expect(balance.steps == NearnessBalance.measuredSteps && balance.isSettled)
        while !optimizer.isFinished { try optimizer.advance(source) }
        #expect(optimizer.progress.nearness == balance)
    }

    @Test(arguments: [TransformSchedule?.none, .lucid, .narrowing])
    func `a facet that was interrupted goes on where it was`(transforms: TransformSchedule?) throws {
        func make() -> FacetOptimizer { optimizer(until: 100, steps: 22, transforms: transforms) }
        let (whole, source) = (make(), source())
        var states: [FacetProgress] = []
        while !whole.isFinished {
            states.append(whole.progress)
            try whole.advance(source)
        }
        let facet = try whole.finish(source)
        for step in [0, 1, 4, 7, 12, 21] {
            let resumed = make()
            try resumed.resume(states[step])
            let other = self.source()
            while !resumed.isFinished { try resumed.advance(other) }
            #expect(try resumed.finish(other) == facet, "from step \(step)")
            #expect(resumed.progress == whole.progress)
        }
    }

    @Test func `it ends with the first look at an image that is as high as wanted`() throws {
        let whole = try facet(optimizer(nearness: nil, steps: 60))
        let start = try facet(optimizer(nearness: nil, steps: 0))
        let wanted = Double(start.activation + whole.activation) / 2
        let optimizer = optimizer(nearness: nil, until: wanted, steps: 60)
        let ended = try facet(optimizer)
        #expect(Double(ended.activation) >= wanted && ended.steps < 60 && ended.steps % 4 == 0, "\(ended.steps)")
        #expect(optimizer.isFinished && optimizer.progress.hasReached)
        // Its end is part of its state.
        let resumed = self.optimizer(nearness: nil, until: wanted, steps: 60)
        try resumed.resume(optimizer.progress)
        #expect(resumed.isFinished)
        #expect(try facet(resumed) == ended)
        // Nothing is done for what is there, and all for what is never reached.
        let there = try facet(self.optimizer(until: Double(start.activation) - 1))
        #expect(there.steps == 0 && there.image == start.image)
        #expect(try facet(self.optimizer(until: 1e6)).steps == 40)
    }

    @Test func `a saved state that no such facet can have is refused`() throws {
        let source = source()
        let other = optimizer(until: 3)
        for _ in 0..<5 { try other.advance(source) }
        let good = other.progress
        let changes: [(inout FacetProgress) -> Void] = [
            { $0.nearness = nil }, { $0.nearness?.steps = 9 }, { $0.nearness?.distance = 0 },
            { $0.nearness?.activation = .nan },
        ]
        for (index, change) in changes.enumerated() {
            var bad = good
            change(&bad)
            #expect(throws: FacetProgressError.self, "change \(index)") { try optimizer(until: 3).resume(bad) }
        }
        #expect(throws: FacetProgressError.self) { try optimizer(nearness: nil, until: 3).resume(good) }
        var reached = good
        reached.hasReached = true
        #expect(throws: FacetProgressError.self) { try optimizer().resume(reached) }
        try optimizer(until: 3).resume(good)
    }

    @Test func `a dead unit is found dead`() throws {
        let (source, optimizer) = (source(), optimizer())
        source.scale = 0
        #expect(throws: FacetError.self) {
            while !optimizer.isFinished { try optimizer.advance(source) }
        }
    }
}

/// A smooth source whose features are three sums over each block of 4 x 4 pixels.
final class BlockSource: FeatureSource {
    private let smooth: SmoothSource
    /// 0: a dead unit.
    var scale: Float = 1
    let featureShape: [Int]
    private let width: Int
    private var looked = Image(height: 0, width: 0)
    /// `[feature][pixel of a block and its channel]`
    private let weights: [[Float]]

    init(height: Int, width: Int) {
        smooth = SmoothSource(height: height, width: width)
        featureShape = [height / 4, width / 4, 3]
        self.width = width
        weights = (0..<3).map { feature in (0..<48).map { Float(($0 * (feature + 3)) % 7) / 7 - 0.4 } }
    }

    func activation(of image: Image) throws -> Float { scale * (try smooth.activation(of: image)) }

    func activation(of image: Image, gradient: inout Image) throws -> Float {
        let value = scale * (try smooth.activation(of: image, gradient: &gradient))
        for index in gradient.pixels.indices { gradient.pixels[index] *= scale }
        return value
    }

    func findFeatures(of image: Image, into features: inout Tensor) throws {
        forEachWeight { place, feature, pixel, weight, isFirst in
            if isFirst { features.values[place * 3 + feature] = 0 }
            features.values[place * 3 + feature] += weight * image.pixels[pixel]
        }
    }

    func look(at image: Image, features: inout Tensor) throws -> Float {
        looked = image
        try findFeatures(of: image, into: &features)
        return try activation(of: image)
    }

    func pullBack(activation scale: Float, features cotangent: Tensor, into gradient: inout Image) throws {
        precondition(!looked.pixels.isEmpty, "once for each look")
        _ = try activation(of: looked, gradient: &gradient)
        for index in gradient.pixels.indices { gradient.pixels[index] *= scale }
        forEachWeight { place, feature, pixel, weight, _ in
            gradient.pixels[pixel] += weight * cotangent.values[place * 3 + feature]
        }
        looked = Image(height: 0, width: 0)
    }

    private func forEachWeight(_ body: (_ place: Int, _ feature: Int, _ pixel: Int, Float, _ isFirst: Bool) -> Void) {
        for place in 0..<featureShape[0] * featureShape[1] {
            let (row, column) = (place / featureShape[1] * 4, place % featureShape[1] * 4)
            for feature in 0..<3 {
                for (index, weight) in weights[feature].enumerated() {
                    let (y, x, channel) = (row + index / 12, column + index % 12 / 3, index % 3)
                    body(place, feature, (y * width + x) * 3 + channel, weight, index == 0)
                }
            }
        }
    }
}
