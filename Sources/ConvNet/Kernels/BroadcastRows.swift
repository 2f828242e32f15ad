/// A row of lanes, as long as it must be.
protocol LaneRow {
    func lane(_ x: Int) -> Lane
}

/// A row in memory.
struct FullRow: LaneRow {
    let base: UnsafeRawPointer

    @inline(__always) func lane(_ x: Int) -> Lane { base.lane(x) }
}

/// The same lane everywhere.
struct RepeatedLane: LaneRow {
    let value: Lane

    @inline(__always) func lane(_ x: Int) -> Lane { value }
}

/// A row in memory whose first channel is in all channels.
struct SpreadRow: LaneRow {
    let base: UnsafeRawPointer

    @inline(__always) func lane(_ x: Int) -> Lane {
        Lane(repeating: base.loadUnaligned(fromByteOffset: x &* laneBytes, as: Float.self))
    }
}

/// A function of two numbers. Where both are equal, the larger and the smaller are half of each.
protocol LanePairFunction {
    func value(_ a: Lane, _ b: Lane) -> Lane
    /// The gradients by a and by b.
    func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane
    func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane
}

struct Sum: LanePairFunction {
    @inline(__always) func value(_ a: Lane, _ b: Lane) -> Lane { a + b }
    @inline(__always) func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { gradient }
    @inline(__always) func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { gradient }
}

struct Difference: LanePairFunction {
    @inline(__always) func value(_ a: Lane, _ b: Lane) -> Lane { a - b }
    @inline(__always) func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { gradient }
    @inline(__always) func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { Lane.zero - gradient }
}

struct Product: LanePairFunction {
    @inline(__always) func value(_ a: Lane, _ b: Lane) -> Lane { a * b }
    @inline(__always) func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { gradient * b }
    @inline(__always) func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { gradient * a }
}

struct Quotient: LanePairFunction {
    @inline(__always) func value(_ a: Lane, _ b: Lane) -> Lane { a / b }
    @inline(__always) func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane { gradient / b }
    @inline(__always) func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        Lane.zero - gradient * (a / b) / b
    }
}

struct Larger: LanePairFunction {
    @inline(__always) func value(_ a: Lane, _ b: Lane) -> Lane { maximum(a, b) }
    @inline(__always) func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        shareOfLarger(gradient, a, b)
    }
    @inline(__always) func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        shareOfLarger(gradient, b, a)
    }
}

struct Smaller: LanePairFunction {
    @inline(__always) func value(_ a: Lane, _ b: Lane) -> Lane { minimum(a, b) }
    @inline(__always) func gradientOfFirst(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        shareOfLarger(gradient, b, a)
    }
    @inline(__always) func gradientOfSecond(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        shareOfLarger(gradient, a, b)
    }
}

/// All of the gradient where `a` is larger than `b`, half where they are equal.
@inline(__always) private func shareOfLarger(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
    let atLeast = gradient.replacing(with: Lane.zero, where: a .< b)
    return atLeast.replacing(with: gradient * Lane(repeating: 0.5), where: a .== b)
}

/// One of a pair function's gradients.
protocol PairGradient {
    func value(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane
}

struct FirstGradient<F: LanePairFunction>: PairGradient {
    let function: F

    @inline(__always) func value(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        function.gradientOfFirst(gradient, a, b)
    }
}

struct SecondGradient<F: LanePairFunction>: PairGradient {
    let function: F

    @inline(__always) func value(_ gradient: Lane, _ a: Lane, _ b: Lane) -> Lane {
        function.gradientOfSecond(gradient, a, b)
    }
}

/// Makes a row of values.
@inline(__always)
func combineRows<F: LanePairFunction>(
    _ function: F, _ a: some LaneRow, _ b: some LaneRow, into target: UnsafeMutableRawPointer, count: Int,
    own: OwnChannels
) {
    for x in 0..<count { target.setLane(x, to: own.only(function.value(a.lane(x), b.lane(x)))) }
}

/// What becomes of a row of an operand's gradient.
enum GradientTarget {
    /// One lane for each of the row's, written or added.
    case row(UnsafeMutableRawPointer, adds: Bool)
    /// The row's sum, added.
    case sum(UnsafeMutableRawPointer)
    /// For each lane the sum over its channels, added to a first channel.
    case channelSums(UnsafeMutableRawPointer)
    /// The sum over the row and its channels, added to one first channel.
    case total(UnsafeMutableRawPointer)
}

/// Leads a row of the gradient to one of the operands.
@inline(__always)
func leadBack(
    _ function: some PairGradient, _ gradient: UnsafeRawPointer, _ a: some LaneRow, _ b: some LaneRow,
    to target: GradientTarget, count: Int, own: OwnChannels
) {
    @inline(__always) func part(_ x: Int) -> Lane {
        own.only(function.value(gradient.lane(x), a.lane(x), b.lane(x)))
    }
    switch target {
    case .row(let lanes, let adds):
        for x in 0..<count { lanes.put(part(x), at: x, adds: adds) }
    case .sum(let lane): lane.setLane(0, to: lane.lane(0) + chunkedSum(count, part))
    case .channelSums(let lanes):
        for x in 0..<count { lanes.addToFirst(channelSum(part(x)), at: x) }
    case .total(let lane): lane.addToFirst(channelSum(chunkedSum(count, part)), at: 0)
    }
}

extension UnsafeMutableRawPointer {
    /// Adds to the first channel of a lane.
    @inline(__always) func addToFirst(_ value: Float, at index: Int) {
        let old = loadUnaligned(fromByteOffset: index &* laneBytes, as: Float.self)
        storeBytes(of: old + value, toByteOffset: index &* laneBytes, as: Float.self)
    }
}
