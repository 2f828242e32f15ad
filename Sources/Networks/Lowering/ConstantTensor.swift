/// Floats that are computed of weights when they are asked for: networks that standardize their weights would otherwise
/// keep all of them twice.
final class DeferredNumbers: Sendable {
    let count: Int
    /// Numbers that are made on the way.
    let cost: Int
    let compute: @Sendable () throws(LoweringFault) -> [Double]

    init(count: Int, cost: Int, _ compute: @escaping @Sendable () throws(LoweringFault) -> [Double]) {
        self.count = count
        self.cost = cost
        self.compute = compute
    }
}

/// A tensor that does not depend on the image: a weight, which stays in the file, or numbers that were folded.
struct ConstantTensor: Sendable {
    enum Kind: Sendable {
        case float, integer, boolean
    }

    enum Source: Sendable {
        /// Floats, in the file or computed.
        case weights(Constant)
        case numbers([Double])
        case deferred(DeferredNumbers)
        /// Booleans are 0 and 1.
        case integers([Int])
    }

    var kind: Kind
    var source: Source
    /// Over the elements of the source.
    var view: StridedView

    init(_ constant: Constant, shape: [Int]) {
        kind = .float
        source = .weights(constant)
        view = StridedView(shape)
    }

    init(_ numbers: [Double], shape: [Int]) {
        kind = .float
        source = .numbers(numbers)
        view = StridedView(shape)
    }

    init(_ deferred: DeferredNumbers, shape: [Int]) {
        kind = .float
        source = .deferred(deferred)
        view = StridedView(shape)
    }

    init(_ integers: [Int], shape: [Int], kind: Kind = .integer) {
        self.kind = kind
        source = .integers(integers)
        view = StridedView(shape)
    }

    var shape: [Int] { view.extents }
    var count: Int { view.count }

    private var sourceCount: Int {
        switch source {
        case .weights(let constant): constant.count
        case .numbers(let numbers): numbers.count
        case .deferred(let deferred): deferred.count
        case .integers(let integers): integers.count
        }
    }

    /// Numbers that are made each time that its own are asked for, beside themselves.
    var cost: Int {
        if case .deferred(let deferred) = source { deferred.cost } else { 0 }
    }

    /// Weights rather than factors and shapes.
    var isLarge: Bool {
        let mostOfFactors = 4096
        return kind == .float && (cost > 0 || max(count, sourceCount) > mostOfFactors)
    }

    /// One number that is repeated may make a large tensor of a small file: as a view it costs nothing, written out it
    /// would.
    private func checkSize() throws(LoweringFault) {
        let mostRepeated = 1 << 21
        guard count <= max(sourceCount, mostRepeated) else {
            throw LoweringFault("makes more constants than the file's size can explain")
        }
    }

    /// The number that all elements are, if there is but one in the file.
    func repeatedNumber() throws(LoweringFault) -> Double? {
        guard sourceCount == 1, count > 0 else { return nil }
        return try sourceNumbers()[0]
    }

    /// What the file has, whole and in its order.
    func sourceNumbers() throws(LoweringFault) -> [Double] {
        switch source {
        case .weights(let constant):
            do {
                return try constant.values().map(Double.init)
            } catch {
                throw LoweringFault(
                    (error.place.map { "\($0) " } ?? "") + error.reason, remedy: error.remedy)
            }
        case .numbers(let numbers): return numbers
        case .deferred(let deferred): return try deferred.compute()
        case .integers(let integers): return integers.map(Double.init)
        }
    }

    /// The values in row-major order.
    func numbers() throws(LoweringFault) -> [Double] {
        try checkSize()
        return try allNumbers()
    }

    /// The values in row-major order, however often they repeat.
    func allNumbers() throws(LoweringFault) -> [Double] {
        let source = try sourceNumbers()
        if view.isRowMajor, count == source.count { return source }
        var values: [Double] = []
        values.reserveCapacity(count)
        view.forEachOffset { values.append(source[$0]) }
        return values
    }

    /// The values in row-major order, of integers and booleans.
    func integers() throws(LoweringFault) -> [Int] {
        guard case .integers(let source) = source else {
            throw LoweringFault("needs integers where it is given floats")
        }
        try checkSize()
        var values: [Int] = []
        values.reserveCapacity(count)
        view.forEachOffset { values.append(source[$0]) }
        return values
    }

    /// With all its elements in a row, so that its shape can change freely.
    func rowMajor() throws(LoweringFault) -> ConstantTensor {
        if view.isRowMajor { return self }
        if case .integers = source { return ConstantTensor(try integers(), shape: shape, kind: kind) }
        return ConstantTensor(try numbers(), shape: shape)
    }

    /// The one value of a tensor of one element.
    func scalar() throws(LoweringFault) -> Double {
        guard count == 1 else { throw LoweringFault("needs one number where it is given the shape \(shape)") }
        return try numbers()[0]
    }
}

/// What an input of a node holds.
enum LoweredValue: Sendable {
    case constant(ConstantTensor)
    case live(LiveTensor)

    var view: StridedView {
        switch self {
        case .constant(let tensor): tensor.view
        case .live(let tensor): tensor.view
        }
    }

    var shape: [Int] { view.extents }

    /// The same elements, otherwise seen.
    func seen(as view: StridedView) -> LoweredValue {
        switch self {
        case .constant(var tensor):
            tensor.view = view
            return .constant(tensor)
        case .live(let tensor): return .live(LiveTensor(value: tensor.value, view: view))
        }
    }
}

/// A tensor that depends on the image: a view of a value of the graph, over its elements in row-major order of
/// `[channels, height, width]`.
struct LiveTensor: Sendable {
    var value: Int
    var view: StridedView

    var shape: [Int] { view.extents }
}
