import Networks

/// What a graph's operation is to the engine: code that makes a map from maps and leads gradients back, and what it
/// needs of memory for it. The planner gives it that memory once, before the first image.
///
/// Maps lie blocked, `[channel block][pixel][16]` (see `Lane`). Channels beyond a map's own are zero in every map, and
/// in every gradient; an operation relies on it and leaves it so.
class MapOperation {
    /// Shapes of the inputs.
    let inputs: [MapShape]
    let output: MapShape
    /// The inputs (by their places) whose values the way back reads.
    var keepsInputs: Set<Int> = []
    /// Whether the way back reads the output's values.
    var keepsOutput = false
    /// Floats that `forward` leaves for `backward`: masks, places of maxima.
    var savedCount = 0
    /// Floats that a call uses and nobody reads after it; neither call finds them as it left them.
    var scratchCount = 0

    /// What the operation is, in a word or two, for those who ask where time goes.
    var kind: String { "other" }

    /// Where everything lies. Set by the planner before the first call.
    final var memory = StepMemory()

    init(inputs: [MapShape], output: MapShape) {
        self.inputs = inputs
        self.output = output
    }

    /// Makes the output.
    func forward() { preconditionFailure("each operation has its own") }

    /// Turns the gradient by the output into those by the inputs. It may overwrite the output's gradient.
    func backward() { preconditionFailure("each operation has its own") }
}

/// Pointers to what a step reads and writes, all aligned to cache lines.
struct StepMemory {
    /// An input's gradient.
    struct Gradient {
        /// Nil if nobody wants it.
        var base: UnsafeMutableRawPointer?
        /// Whether to add to what is there (the value has another reader, whose part is there already) or to write.
        var adds = false
    }

    /// What pointers point to before the planner has set them, and where there is nothing to point to: one lane.
    nonisolated(unsafe) static let nowhere = UnsafeMutableRawPointer.allocate(
        byteCount: laneBytes, alignment: laneBytes)

    /// The inputs' values; on the way back only those of `keepsInputs` are valid.
    var inputs: [UnsafeMutableRawPointer] = []
    /// The output's values; on the way back only valid with `keepsOutput`.
    var output = StepMemory.nowhere
    var saved = StepMemory.nowhere
    var scratch = StepMemory.nowhere
    /// The gradient by the output.
    var gradient = StepMemory.nowhere
    var inputGradients: [Gradient] = []
}

extension MapShape {
    /// Lanes of the whole map.
    var laneCount: Int { blockCount(channels) * pixels }
    /// Floats of the whole map.
    var floatCount: Int { laneCount * laneWidth }
}
