/// A tensor of any rank as a walk over the elements of another, as NumPy has it: transposing, slicing, splitting,
/// broadcasting and most reshaping change the view and move nothing.
struct StridedView: Hashable, Sendable {
    /// The shape, all extents at least 0.
    var extents: [Int]
    /// In elements of what is seen; 0 along a broadcast axis, and by convention along one of extent 1.
    var strides: [Int]
    var offset = 0

    /// Everything, in row-major order.
    init(_ extents: [Int]) {
        self.extents = extents
        strides = [Int](repeating: 0, count: extents.count)
        var step = 1
        for axis in extents.indices.reversed() {
            strides[axis] = extents[axis] == 1 ? 0 : step
            step *= extents[axis]
        }
    }

    init(extents: [Int], strides: [Int], offset: Int) {
        self.extents = extents
        self.strides = strides
        self.offset = offset
        for axis in extents.indices where extents[axis] == 1 { self.strides[axis] = 0 }
    }

    var rank: Int { extents.count }
    var count: Int { extents.reduce(1, *) }

    /// Are these the first `count` elements in row-major order?
    var isRowMajor: Bool { offset == 0 && strides == StridedView(extents).strides }

    /// Does it see each of `count` elements, and each once?
    func isPermutation(of count: Int) -> Bool {
        guard offset == 0, self.count == count else { return false }
        let axes = extents.indices.filter { extents[$0] != 1 }.sorted { strides[$0] < strides[$1] }
        var step = 1
        for axis in axes {
            guard strides[axis] == step else { return false }
            step *= extents[axis]
        }
        return true
    }

    /// Axis i of the result is axis `order[i]`.
    func transposed(_ order: [Int]) -> StridedView {
        StridedView(extents: order.map { extents[$0] }, strides: order.map { strides[$0] }, offset: offset)
    }

    /// `count` elements of an axis from `start` on, `step` apart; all of them are there.
    func sliced(axis: Int, start: Int, step: Int, count: Int) -> StridedView {
        var view = self
        view.offset += start * strides[axis]
        view.extents[axis] = count
        view.strides[axis] = count <= 1 ? 0 : strides[axis] * step
        return view
    }

    func inserting(axisAt position: Int) -> StridedView {
        var view = self
        view.extents.insert(1, at: position)
        view.strides.insert(0, at: position)
        return view
    }

    /// - Precondition: the axis has an extent of 1.
    func removing(axis: Int) -> StridedView {
        var view = self
        view.extents.remove(at: axis)
        view.strides.remove(at: axis)
        return view
    }

    /// Broadcast to a shape, as NumPy does it: the shape may have more axes at its front. Nil if it does not fit.
    func broadcast(to shape: [Int]) -> StridedView? {
        guard shape.count >= rank else { return nil }
        let missing = shape.count - rank
        var steps = [Int](repeating: 0, count: shape.count)
        for axis in extents.indices {
            if extents[axis] == shape[missing + axis] {
                steps[missing + axis] = strides[axis]
            } else if extents[axis] != 1 {
                return nil
            }
        }
        return StridedView(extents: shape, strides: steps, offset: offset)
    }

    /// The same elements in the same order in another shape of as many elements; nil if no strides can say it.
    func reshaped(to shape: [Int]) -> StridedView? {
        guard shape.reduce(1, *) == count else { return nil }
        guard count > 0 else { return StridedView(shape) }
        let old = extents.indices.filter { extents[$0] != 1 }
        let new = shape.indices.filter { shape[$0] != 1 }
        var steps = [Int](repeating: 0, count: shape.count)
        var oldIndex = 0
        var newIndex = 0
        while newIndex < new.count, oldIndex < old.count {
            // The shortest runs of axes of both that hold as many elements.
            let firstOld = oldIndex
            let firstNew = newIndex
            var oldCount = extents[old[oldIndex]]
            var newCount = shape[new[newIndex]]
            oldIndex += 1
            newIndex += 1
            while oldCount != newCount {
                if newCount < oldCount {
                    newCount *= shape[new[newIndex]]
                    newIndex += 1
                } else {
                    oldCount *= extents[old[oldIndex]]
                    oldIndex += 1
                }
            }
            for position in firstOld..<oldIndex - 1 {
                let inner = old[position + 1]
                guard strides[old[position]] == extents[inner] * strides[inner] else { return nil }
            }
            var step = strides[old[oldIndex - 1]]
            for position in (firstNew..<newIndex).reversed() {
                steps[new[position]] = step
                step *= shape[new[position]]
            }
        }
        return StridedView(extents: shape, strides: steps, offset: offset)
    }

    /// The same walk with as few axes as can be, none of extent 1.
    var coalesced: StridedView {
        var view = StridedView(extents: [], strides: [], offset: offset)
        for axis in extents.indices where extents[axis] != 1 {
            if let last = view.extents.indices.last, view.strides[last] == extents[axis] * strides[axis] {
                view.extents[last] *= extents[axis]
                view.strides[last] = strides[axis]
            } else {
                view.extents.append(extents[axis])
                view.strides.append(strides[axis])
            }
        }
        return view
    }

    /// Where the elements lie, in row-major order.
    func forEachOffset(_ use: (Int) -> Void) {
        let walk = coalesced
        guard walk.count > 0 else { return }
        guard let inner = walk.extents.last, let step = walk.strides.last else { return use(offset) }
        var index = [Int](repeating: 0, count: walk.rank)
        var position = offset
        while true {
            for i in 0..<inner { use(position + i * step) }
            var axis = walk.rank - 2
            while axis >= 0 {
                index[axis] += 1
                position += walk.strides[axis]
                if index[axis] < walk.extents[axis] { break }
                position -= walk.strides[axis] * walk.extents[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    /// The axes from the slowest to the fastest, those of extent 1 first.
    var axesByStride: [Int] {
        extents.indices.sorted { first, second in
            let one = extents[first] == 1 ? Int.max : abs(strides[first])
            let other = extents[second] == 1 ? Int.max : abs(strides[second])
            return one != other ? one > other : first < second
        }
    }
}

/// The number of elements of a shape; nil if an extent is negative or there are too many.
func elementCount(of shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
        guard extent >= 0 else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard !overflow else { return nil }
        count = product
    }
    return count
}

/// The shape of what is made of operands of these shapes element by element; nil if they do not fit.
func broadcastShape(_ first: [Int], _ second: [Int]) -> [Int]? {
    let rank = max(first.count, second.count)
    var shape = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
        let one = axis >= rank - first.count ? first[axis - (rank - first.count)] : 1
        let other = axis >= rank - second.count ? second[axis - (rank - second.count)] : 1
        guard one == other || one == 1 || other == 1 else { return nil }
        shape[axis] = one == 1 ? other : one
    }
    return shape
}
