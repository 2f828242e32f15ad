/// A dense array of numbers, row-major: the last extent of `shape` runs fastest.
public struct Tensor: Sendable, Equatable {
    /// Extents, outermost first; empty for a single number.
    public var shape: [Int]
    /// As many values as the product of `shape`.
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
        precondition(
            Tensor.count(of: shape) == values.count, "a tensor of shape \(shape) cannot have \(values.count) values")
        self.shape = shape
        self.values = values
    }

    /// Zeros.
    public init(zerosOf shape: [Int]) {
        self.init(shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
    }

    /// The number of values of a shape; nil if an extent is negative or the product does not fit an `Int`.
    static func count(of shape: [Int]) -> Int? {
        var count = 1
        for extent in shape {
            guard extent >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }
}

/// A dense array of bytes, laid out in the same way: for pictures of 8 bits.
public struct ByteTensor: Sendable, Equatable {
    /// Extents, outermost first.
    public let shape: [Int]
    /// As many values as the product of `shape`.
    public let values: [UInt8]

    public init(shape: [Int], values: [UInt8]) {
        precondition(
            Tensor.count(of: shape) == values.count, "a tensor of shape \(shape) cannot have \(values.count) values")
        self.shape = shape
        self.values = values
    }
}
