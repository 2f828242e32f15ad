import Networks

/// A network up to one layer at one image size, as steps with their memory: one evaluator's.
///
/// Weights are frozen, so the way back needs only them and what operations save: one bit for each ReLU, the place of a
/// maximum, the input of a smooth activation. Nothing beyond the target runs. All memory is one piece, shared by
/// whatever is not in use at the same time.
final class Plan {
    let image: ImageMemory
    let steps: [PlanStep]
    /// The layer at which it ends.
    let target: Int
    /// The target's block, if its means need no map.
    let block: InvertedResidual?
    let arena: AlignedBuffer
    private let shapes: [MapShape]
    /// Places of values and their gradients in the arena; nil where there is none.
    private var values: [UnsafeMutableRawPointer?]
    private var gradients: [UnsafeMutableRawPointer?]
    /// The steps that a gradient reaches, last first.
    private let backwardSteps: [PlanStep]
    /// Where the way back can begin beside the target.
    private let gradientTaps: [Int]

    /// What one evaluator may take: 8 GiB. Images of 2048 x 2048 pixels need 1 to 3 in usual networks.
    private static let mostFloats = 1 << 31

    /// - Parameters:
    ///   - taps: values that are kept until the end of a forward pass.
    ///   - gradientTaps: those of them that a gradient may start from, too.
    ///   - isForwardOnly: gradients are never asked for: half of the weights are not packed, and nothing is kept.
    ///   - isExact: no ways that round more than plain sums (`WinogradConvolution`, `RoundedSlopeOperation`). A plain plan is exact, too.
    ///   - isPlain: no fusions, and every activation keeps its output: for redirected gradients.
    init(
        _ graph: Graph, network: Network, target: Int, taps: [Int] = [], gradientTaps: [Int] = [],
        isPlain: Bool = false, isForwardOnly: Bool = false, isExact: Bool = false
    ) throws(NetworkError) {
        let image = ImageMemory(network.input)
        var builder = PlanBuilder(
            graph, network, image, target: target, kept: Set(taps), isPlain: isPlain,
            isForwardOnly: isForwardOnly, isExact: isExact || isPlain)
        let steps = try builder.build()
        self.image = image
        self.steps = steps
        self.target = target
        self.gradientTaps = gradientTaps
        let isLast = steps.last?.value == target && !gradientTaps.contains(target) && !taps.contains(target)
        block = isLast ? steps.last?.operation as? InvertedResidual : nil
        shapes = (0..<graph.valueCount).map { graph.shape(of: $0) }
        if isPlain {
            for step in steps { (step.operation as? ActivationOperation)?.isRedirecting = true }
        }

        // Which values a gradient reaches: all that the sources depend on.
        var hasGradient = [Bool](repeating: false, count: graph.valueCount)
        if !isForwardOnly { for source in gradientTaps + [target] { hasGradient[source] = true } }
        for step in steps.reversed() where hasGradient[step.value] {
            for input in step.inputs { hasGradient[input] = true }
        }
        backwardSteps = steps.reversed().filter { hasGradient[$0.value] }

        let needs = PlanNeeds(
            steps, shapes: shapes, hasGradient: hasGradient, sources: isForwardOnly ? [] : Set(gradientTaps + [target]),
            kept: Set(taps + [target]), block: block)
        let map = MemoryMap(needs.requests)
        guard map.count <= Self.mostFloats else {
            throw NetworkError(
                file: network.model.path,
                reason: "needs \(map.count >> 28) GiB of memory for an image of "
                    + "\(graph.image.width)x\(graph.image.height) pixels",
                remedy: "Take a smaller image")
        }
        arena = AlignedBuffer(count: map.count)
        let base = arena.base
        func place(_ request: Int?) -> UnsafeMutableRawPointer? { request.map { base + map.places[$0] * 4 } }
        values = needs.values.map { place($0) }
        gradients = needs.gradients.map { place($0) }
        for (index, step) in steps.enumerated() {
            let operation = step.operation
            operation.memory.inputs = step.inputs.map { values[$0] ?? base }
            operation.memory.output = values[step.value] ?? base
            operation.memory.saved = place(needs.saved[index]) ?? base
            operation.memory.scratch = place(needs.scratch[index]) ?? base
            operation.memory.gradient = gradients[step.value] ?? base
            operation.memory.inputGradients = step.inputs.indices.map { input in
                StepMemory.Gradient(
                    base: hasGradient[step.value] ? gradients[step.inputs[input]] : nil,
                    adds: needs.adds[index][input])
            }
        }
    }

    /// Extents of a value.
    func shape(of value: Int) -> MapShape { shapes[value] }

    /// Lanes of a value that is kept, valid after a forward pass.
    func lanes(of value: Int) -> UnsafeMutableRawPointer {
        guard let lanes = values[value] else { preconditionFailure("the value is kept") }
        return lanes
    }

    /// Lanes of the gradient by the target or a tap, to be written before `backward`.
    func gradientLanes(of value: Int) -> UnsafeMutableRawPointer {
        guard let lanes = gradients[value] else { preconditionFailure("a gradient can start there") }
        return lanes
    }

    /// Runs an image forward. Without `wantsMap` the target may leave only what `mean(unit:)` needs.
    func forward(_ pixels: UnsafeRawPointer, wantsMap: Bool, onStep: ((PlanStep) -> Void)? = nil) {
        image.pixels = pixels
        for step in steps {
            if !wantsMap, let block, step.operation === block {
                block.forward(.sums)
            } else {
                step.operation.forward()
            }
            onStep?(step)
        }
    }

    /// A unit's mean over the target's map.
    func mean(unit: Int, hasMap: Bool) -> Float {
        if !hasMap, let block { return block.mean(unit: unit) }
        let pixels = shapes[target].pixels
        let lanes = lanes(of: target) + unit / laneWidth * pixels * laneBytes
        return laneSum(lanes, count: pixels)[unit % laneWidth] / Float(pixels)
    }

    /// Takes the gradient of a weighted sum of units' means back to the image that was run last (without `wantsMap`).
    func backward(
        _ weights: [Objective.UnitWeight], into gradient: UnsafeMutableRawPointer,
        onStep: ((PlanStep) -> Void)? = nil
    ) {
        image.gradient = gradient
        clearGradientTaps()
        if let block {
            block.backward(weights)
            onStep?(backwardSteps[0])
            run(backwardSteps.dropFirst(), onStep)
            return
        }
        let shape = shapes[target]
        let lanes = gradientLanes(of: target)
        clear(lanes, lanes: shape.laneCount)
        for weight in weights {
            let values = (lanes + weight.unit / laneWidth * shape.pixels * laneBytes)
                .assumingMemoryBound(to: Float.self)
            let part = weight.weight / Float(shape.pixels)
            for pixel in 0..<shape.pixels { values[pixel * laneWidth + weight.unit % laneWidth] += part }
        }
        run(backwardSteps[...], onStep)
    }

    /// Takes the gradients that `fill` writes (by the target's map and those of the gradient taps, all zero before) back
    /// to the image that was run last, with `wantsMap`.
    func backward(into gradient: UnsafeMutableRawPointer, fill: (Plan) -> Void) {
        image.gradient = gradient
        clearGradientTaps()
        clear(gradientLanes(of: target), lanes: shapes[target].laneCount)
        fill(self)
        run(backwardSteps[...], nil)
    }

    private func clearGradientTaps() {
        for tap in gradientTaps where tap != target { clear(gradientLanes(of: tap), lanes: shapes[tap].laneCount) }
    }

    private func run(_ steps: ArraySlice<PlanStep>, _ onStep: ((PlanStep) -> Void)?) {
        for step in steps {
            step.operation.backward()
            onStep?(step)
        }
    }

    /// Bytes of all its memory.
    var byteCount: Int { arena.count * MemoryLayout<Float>.stride }
}
