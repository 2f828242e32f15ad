/// What one block takes of an evaluation.
public struct BlockTime: Sendable, Codable, Equatable {
    /// As the block's layers begin: "block_3".
    public var block: String
    public var forwardMilliseconds: Double
    public var backwardMilliseconds: Double
}

extension Evaluator {
    /// Evaluates an image with its gradient and tells what each block took, in the network's order; the copy of the image
    /// counts to the first block, the target's mean to its own way back.
    public func blockTimes(of image: Image, unit: Int, gradient: inout Image) -> [BlockTime] {
        var times = (0...location.block).map {
            BlockTime(block: MobileNetV2.blocks[$0].name, forwardMilliseconds: 0, backwardMilliseconds: 0)
        }
        var last = ContinuousClock.now
        onBlock = { block, isForward in
            let now = ContinuousClock.now
            let milliseconds = (now - last) / .milliseconds(1)
            last = now
            if isForward {
                times[block].forwardMilliseconds = milliseconds
            } else {
                times[block].backwardMilliseconds = milliseconds
            }
        }
        defer { onBlock = nil }
        _ = meanActivation(of: image, unit: unit, gradient: &gradient)
        return times
    }
}
