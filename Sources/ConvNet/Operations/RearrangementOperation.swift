import Networks

/// A walk through the input: reshapes, transpositions, windows, pixel shuffles.
///
/// The walk is made once. If it moves whole lanes (a transposition of rows and columns, say), it is kept lane by lane;
/// else number by number, which takes as much memory as the output and a multiple of a copy's time.
final class RearrangementOperation: MapOperation {
    override var kind: String { "rearrangement" }

    private enum Moves {
        /// Nothing moves.
        case none
        /// For each lane of the output its lane in the input.
        case lanes([Int32])
        /// For each number of the output, blocked, its place in the input; the largest number where there is none.
        case numbers([UInt32])
    }

    private let moves: Moves

    init(_ rearrangement: Rearrangement, input: MapShape, output: MapShape) {
        precondition(rearrangement.extents.count == rearrangement.steps.count)
        precondition(rearrangement.extents.reduce(1, *) == output.count, "the walk visits each element")
        precondition(input.floatCount < Int(UInt32.max))
        var places = [UInt32](repeating: .max, count: output.floatCount)
        var position = rearrangement.extents.map { _ in 0 }
        var source = rearrangement.offset
        for element in 0..<output.count {
            precondition((0..<input.count).contains(source), "the walk stays within the input")
            places[output.blockedIndex(element)] = UInt32(input.blockedIndex(source))
            // The next position: the last axis that is not at its end moves on, those after it begin again.
            var axis = position.count - 1
            while axis >= 0 {
                position[axis] += 1
                source += rearrangement.steps[axis]
                if position[axis] < rearrangement.extents[axis] { break }
                source -= rearrangement.steps[axis] * rearrangement.extents[axis]
                position[axis] = 0
                axis -= 1
            }
        }
        moves = Self.moves(places, input: input, output: output)
        super.init(inputs: [input], output: output)
    }

    private static func moves(_ places: [UInt32], input: MapShape, output: MapShape) -> Moves {
        guard input.channels == output.channels else { return .numbers(places) }
        var lanes: [Int32] = []
        for lane in 0..<output.laneCount {
            let first = places[lane * laneWidth]
            let own = min(laneWidth, output.channels - lane / output.pixels * laneWidth)
            // All the channels that the lane has, side by side; beyond the input's own there are zeros, too.
            let isWhole =
                first % UInt32(laneWidth) == 0
                && Int(first) / laneWidth / input.pixels == lane / output.pixels
                && (0..<own).allSatisfy { places[lane * laneWidth + $0] == first + UInt32($0) }
            guard isWhole else { return .numbers(places) }
            lanes.append(Int32(first / UInt32(laneWidth)))
        }
        return lanes.count == input.laneCount && lanes.enumerated().allSatisfy { $0 == Int($1) } ? .none : .lanes(lanes)
    }

    override func forward() {
        switch moves {
        case .none: passLanes(memory.inputs[0], into: memory.output, count: output.laneCount, adds: false)
        case .lanes(let lanes): gatherPixels(memory.inputs[0], lanes.span, into: memory.output, border: Lane.zero)
        case .numbers(let places): gatherNumbers(memory.inputs[0], places.span, into: memory.output)
        }
    }

    override func backward() {
        let gradient = memory.inputGradients[0]
        guard let base = gradient.base else { return }
        if case .none = moves {
            passLanes(memory.gradient, into: base, count: output.laneCount, adds: gradient.adds)
            return
        }
        if !gradient.adds { base.clearLanes(inputs[0].laneCount) }
        switch moves {
        case .none: break
        case .lanes(let lanes): scatterPixels(memory.gradient, lanes.span, into: base)
        case .numbers(let places): scatterNumbers(memory.gradient, places.span, into: base)
        }
    }
}

extension MapShape {
    /// Where an element lies in the blocked layout.
    /// - Parameter element: counted in channels, rows and columns, row-major.
    func blockedIndex(_ element: Int) -> Int {
        let (channel, pixel) = (element / pixels, element % pixels)
        return (channel / laneWidth * pixels + pixel) * laneWidth + channel % laneWidth
    }
}
