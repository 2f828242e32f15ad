/// The time that one block takes in an evaluation.
public struct BlockTime: Sendable, Codable, Equatable {
    /// The beginning of the names of the block's layers: "block_3".
    public var block: String
    public var forwardMilliseconds: Double
    public var backwardMilliseconds: Double
}

extension Evaluator {
    /// Evaluates an image with its gradient, and returns the time of each block in the order of the network. The time
    /// of the first block includes the copy of the image, and the backward time of the target's block includes the
    /// target's mean.
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
        _ = value(of: .unit(unit), at: image, gradient: &gradient)
        return times
    }
}
