import Networks

/// Runs a network up to one layer at one image size, and takes gradients back to the image. Owns its memory: one per
/// worker.
///
/// Nothing beyond the target layer runs. See `Plan` for what is kept on the way.
public final class Evaluator {
    public let height: Int
    public let width: Int
    public let layer: Layer
    let network: Network
    let plan: Plan
    private let lowered: LoweredGraph
    /// The taps' values in the plan.
    private let taps: [String: Int]
    private let gradientTaps: Set<String>
    private let passesSoftmax: Bool
    /// Made at its first use.
    private var redirectingPlan: Plan?

    /// - Parameters:
    ///   - layer: any name of a layer that the network knows.
    ///   - taps: layers before it whose outputs are wanted, too.
    ///   - gradientTaps: layers before it whose outputs are wanted, and from which gradients are taken back, too.
    ///   - isForwardOnly: gradients are never asked for, which saves half of the weights' memory.
    ///   - isExact: plain sums everywhere: slower, and rounding a fifth as much where others use `Winograd`.
    ///   - passesSoftmax: whether a layer that is a softmax at the network's end means the logits before it.
    /// - Throws: `EvaluatorError` for an unknown layer, an image size out of range, or a layer that the network does
    ///   not have at this size or that depends on an operator that is not supported.
    public init(
        network: Network, layer name: String, height: Int, width: Int, taps: [String] = [], gradientTaps: [String] = [],
        passesSoftmax: Bool = true, isForwardOnly: Bool = false, isExact: Bool = false
    ) throws(EvaluatorError) {
        guard max(height, width) <= EvaluatorError.maximumSize, min(height, width) > 0 else {
            throw .imageSize(height: height, width: width)
        }
        self.network = network
        self.height = height
        self.width = width
        self.gradientTaps = Set(gradientTaps)
        do {
            layer = try network.model.layer(name)
            lowered = try network.model.lowered(height: height, width: width)
            self.passesSoftmax = passesSoftmax
            let target = try lowered.value(ofLayer: name, passingSoftmax: passesSoftmax)
            var tapped: [String: Int] = [:]
            for tap in taps + gradientTaps { tapped[tap] = try lowered.value(ofLayer: tap) }
            let (graph, places) = lowered.graph.simplified(to: [target] + tapped.values)
            func place(_ value: Int) -> Int {
                guard let place = places[value] else { preconditionFailure("a target stays in its graph") }
                return place
            }
            self.taps = tapped.mapValues(place)
            plan = try Plan(
                graph, network: network, target: place(target), taps: tapped.values.map(place).sorted(),
                gradientTaps: Set(gradientTaps.compactMap { tapped[$0] }).map(place).sorted(),
                isForwardOnly: isForwardOnly, isExact: isExact)
        } catch {
            throw .network(error)
        }
    }

    /// Spatial means of every unit of the layer, `[units]`.
    public func meanActivations(of image: Image) -> [Float] {
        forward(image, wantsMap: false)
        return (0..<layer.unitCount).map { plan.mean(unit: $0, hasMap: false) }
    }

    /// The outputs of some taps (or the layer itself) in one forward pass, each `[height, width, channel]`.
    public func outputs(of image: Image, layers names: [String]) throws(EvaluatorError) -> [Tensor] {
        let values = try names.map { (name) throws(EvaluatorError) in try value(ofTap: name) }
        forward(image, wantsMap: true)
        return values.map { value in
            var output = Tensor(zerosOf: Self.extents(plan.shape(of: value)))
            unblock(plan.lanes(of: value), into: &output)
            return output
        }
    }

    /// The value of a tap, or of the layer itself.
    func value(ofTap name: String) throws(EvaluatorError) -> Int {
        if let value = taps[name] { return value }
        guard name == layer.name else { throw .notATap(name, target: layer.name) }
        return plan.target
    }

    /// Extents `[height, width, unit]` of the activations of a tap, or of the layer itself.
    public func activationShape(of tap: String) throws(EvaluatorError) -> [Int] {
        Self.extents(plan.shape(of: try value(ofTap: tap)))
    }

    /// The activations of a tap for the image that `findActivations` or `outputs` evaluated last.
    public func copyActivations(of tap: String, into activations: inout Tensor) {
        guard let value = taps[tap] else { preconditionFailure("\(tap) was named as a tap") }
        precondition(activations.shape == Self.extents(plan.shape(of: value)), "the tensor has the layer's shape")
        unblock(plan.lanes(of: value), into: &activations)
    }

    static func extents(_ shape: MapShape) -> [Int] { [shape.height, shape.width, shape.channels] }

    /// Runs an image; without `wantsMap` as far as the units' means need it.
    func forward(_ image: Image, wantsMap: Bool, onStep: ((PlanStep) -> Void)? = nil) {
        precondition(image.height == height && image.width == width, "the image has the evaluator's size")
        EvaluationMeter.current?.count()
        image.pixels.withUnsafeBytes {
            if let base = $0.baseAddress { plan.forward(base, wantsMap: wantsMap, onStep: onStep) }
        }
    }

    /// Gives `body` the memory of a gradient, which must have the evaluator's size.
    func write(_ gradient: inout Image, _ body: (UnsafeMutableRawPointer) -> Void) {
        precondition(gradient.height == height && gradient.width == width, "the gradient has the evaluator's size")
        gradient.pixels.withUnsafeMutableBytes { if let base = $0.baseAddress { body(base) } }
    }

    /// The value of a tap that gradients can start from.
    func gradientValue(of tap: String) -> Int {
        guard gradientTaps.contains(tap), let value = taps[tap] else {
            preconditionFailure("\(tap) was named as a layer from which gradients start")
        }
        return value
    }

    /// The plan for redirected gradients.
    func planForRedirection() throws(EvaluatorError) -> Plan {
        if let redirectingPlan { return redirectingPlan }
        do {
            let target = try lowered.value(ofLayer: layer.name, passingSoftmax: passesSoftmax)
            let (graph, places) = lowered.graph.simplified(to: [target])
            guard let place = places[target] else { preconditionFailure("a target stays in its graph") }
            let plan = try Plan(graph, network: network, target: place, isPlain: true)
            redirectingPlan = plan
            return plan
        } catch {
            throw .network(error)
        }
    }
}
