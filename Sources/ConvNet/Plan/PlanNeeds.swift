import Networks

/// What memory the steps of a plan need, and when.
struct PlanNeeds {
    private(set) var requests: [MemoryRequest] = []
    /// The request of each value, its gradient, and of what each step saves and uses; nil where there is none.
    private(set) var values: [Int?]
    private(set) var gradients: [Int?]
    private(set) var saved: [Int?] = []
    private(set) var scratch: [Int?] = []
    /// Whether a step adds to the gradient of each of its inputs, because another step has written there.
    private(set) var adds: [[Bool]]

    init(
        _ steps: [PlanStep], shapes: [MapShape], hasGradient: [Bool], sources: Set<Int>, kept: Set<Int>,
        block: InvertedResidual?
    ) {
        let time = Timeline(stepCount: steps.count)
        values = [Int?](repeating: nil, count: shapes.count)
        gradients = values
        adds = steps.map { [Bool](repeating: false, count: $0.inputs.count) }

        var firstUse = [Int?](repeating: nil, count: shapes.count)
        var lastUse = [Int](repeating: 0, count: shapes.count)
        for (index, step) in steps.enumerated() {
            let operation = step.operation
            firstUse[step.value] = time.forward(index)
            lastUse[step.value] = max(lastUse[step.value], time.forward(index))
            if operation.keepsOutput, hasGradient[step.value] {
                lastUse[step.value] = max(lastUse[step.value], time.backward(index))
            }
            for (place, input) in step.inputs.enumerated() {
                let isKept = operation.keepsInputs.contains(place) && hasGradient[step.value]
                // The means of a block that ends in an addition need its input's.
                let last = isKept ? time.backward(index) : operation === block ? time.target : time.forward(index)
                lastUse[input] = max(lastUse[input], last)
            }
        }
        for value in kept { lastUse[value] = max(lastUse[value], time.target) }
        for value in shapes.indices {
            guard let first = firstUse[value] else { continue }
            values[value] = request(shapes[value].floatCount, first, lastUse[value])
        }

        // Gradients, in the order in which they are written: sources first, then step by step backward.
        var written = [Int?](repeating: nil, count: shapes.count)
        var read = [Int](repeating: 0, count: shapes.count)
        for source in sources { written[source] = time.target }
        for (index, step) in steps.enumerated().reversed() where hasGradient[step.value] {
            read[step.value] = time.backward(index)
            for (place, input) in step.inputs.enumerated() {
                adds[index][place] = written[input] != nil
                if written[input] == nil { written[input] = time.backward(index) }
                read[input] = max(read[input], time.backward(index))
            }
        }
        for value in shapes.indices {
            // The image's own pixels are no map, unless a step makes one of them.
            guard let first = written[value], firstUse[value] != nil else { continue }
            gradients[value] = request(shapes[value].floatCount, first, max(first, read[value]))
        }

        for (index, step) in steps.enumerated() {
            let operation = step.operation
            saved.append(
                operation.savedCount == 0
                    ? nil
                    : request(
                        operation.savedCount, time.forward(index),
                        hasGradient[step.value] ? time.backward(index) : time.forward(index)))
            // One place for both ways, though not in use between them: it is small beside the maps.
            scratch.append(nil)
        }
        appendScratch(steps)
    }

    /// One piece for all steps' scratch: only one of them runs at a time.
    private mutating func appendScratch(_ steps: [PlanStep]) {
        let most = steps.map { $0.operation.scratchCount }.max() ?? 0
        guard most > 0 else { return }
        let shared = request(most, 0, Timeline(stepCount: steps.count).backward(0))
        for index in scratch.indices { scratch[index] = shared }
    }

    private mutating func request(_ count: Int, _ first: Int, _ last: Int) -> Int {
        requests.append(MemoryRequest(count: count, first: first, last: last))
        return requests.count - 1
    }
}
