/// Sums of some pixels and the column blocks of one panel, kept in registers while the depth runs: the innermost loop.
///
/// Named by pixels x column blocks. A conforming type carries its size in its type, so that every loop over it unrolls
/// and no sum leaves its register.
protocol RegisterTile {
    /// Pixels.
    static var rows: Int { get }

    /// The product of `rows` rows of `a`, the first at `row`, with one panel of `b`, handed to the epilogue.
    /// - Parameters:
    ///   - weights: the panel.
    ///   - block: the panel's first column block.
    ///   - pixel: the pixel of the first row.
    static func multiply(
        _ a: RowOperand, _ row: UnsafeRawPointer, _ b: PackedMatrix, _ weights: UnsafeRawPointer, block: Int,
        pixel: Int, _ epilogue: some TileEpilogue)
}

/// `R` pixels x `N` column blocks: per depth index `N` loads of weights, `R` broadcasts, `R * N` fused multiply-adds.
enum Tile<let R: Int, let N: Int>: RegisterTile {
    static var rows: Int { R }

    @inline(__always)
    static func multiply(
        _ a: RowOperand, _ row: UnsafeRawPointer, _ b: PackedMatrix, _ weights: UnsafeRawPointer, block: Int,
        pixel: Int, _ epilogue: some TileEpilogue
    ) {
        let sums = product(row, a, weights, b.depth)
        for n in 0..<N { epilogue.store(sums[n], block: block &+ n, pixel: pixel) }
    }

    /// Never inlined: next to an epilogue the optimiser may leave the sums in memory throughout (half the speed, seen),
    /// while returning them costs one store and one load each.
    @inline(never)
    static func product(
        _ row: UnsafeRawPointer, _ a: RowOperand, _ weights: UnsafeRawPointer, _ depth: Int
    ) -> InlineArray<N, InlineArray<R, Lane>> {
        var sums = InlineArray<N, InlineArray<R, Lane>>(repeating: InlineArray<R, Lane>(repeating: Lane.zero))
        var weights = weights
        var segment = row
        var remaining = depth
        while remaining > 0 {
            var value = segment
            for _ in 0..<min(remaining, a.segmentLength) {
                var column = InlineArray<N, Lane>(repeating: Lane.zero)
                for n in 0..<N { column[n] = weights.lane(n) }
                for r in 0..<R {
                    let scalar = broadcast(value, r &* a.rowStride)
                    for n in 0..<N { sums[n][r] = sums[n][r].addingProduct(scalar, column[n]) }
                }
                weights += N &* laneBytes
                value += 4
            }
            segment += a.segmentStride
            remaining &-= a.segmentLength
        }
        return sums
    }
}

/// `R = 2 P` pixels x one and a half column blocks, for 24 channels without a quarter of them padding.
///
/// A lane of the half block serves two pixels: its lower half the even one, its upper half the odd one. Their scalars
/// are blended, and the weights lie there twice.
enum HalfTile<let R: Int, let P: Int>: RegisterTile {
    static var rows: Int { R }

    @inline(__always)
    static func multiply(
        _ a: RowOperand, _ row: UnsafeRawPointer, _ b: PackedMatrix, _ weights: UnsafeRawPointer, block: Int,
        pixel: Int, _ epilogue: some TileEpilogue
    ) {
        let sums = product(row, a, weights, b.depth, b.upperHalf)
        epilogue.store(sums[0], block: block, pixel: pixel)
        epilogue.store(sums[1], block: block &+ 1, pixel: pixel)
    }

    @inline(never)
    private static func product(
        _ row: UnsafeRawPointer, _ a: RowOperand, _ weights: UnsafeRawPointer, _ depth: Int,
        _ upperHalf: SIMDMask<SIMD16<Int32>>
    ) -> InlineArray<2, InlineArray<R, Lane>> {
        var whole = InlineArray<R, Lane>(repeating: Lane.zero)
        var half = InlineArray<P, Lane>(repeating: Lane.zero)
        var weights = weights
        var segment = row
        var remaining = depth
        while remaining > 0 {
            var value = segment
            for _ in 0..<min(remaining, a.segmentLength) {
                let (column, twice) = (weights.lane(0), weights.lane(1))
                for p in 0..<P {
                    let even = broadcast(value, 2 &* p &* a.rowStride)
                    let odd = broadcast(value, (2 &* p &+ 1) &* a.rowStride)
                    whole[2 &* p] = whole[2 &* p].addingProduct(even, column)
                    whole[2 &* p &+ 1] = whole[2 &* p &+ 1].addingProduct(odd, column)
                    half[p] = half[p].addingProduct(even.replacing(with: odd, where: upperHalf), twice)
                }
                weights += 2 &* laneBytes
                value += 4
            }
            segment += a.segmentStride
            remaining &-= a.segmentLength
        }
        var sums = InlineArray<2, InlineArray<R, Lane>>(repeating: whole)
        for p in 0..<P {
            sums[1][2 &* p] = Lane(lowHalf: half[p].lowHalf, highHalf: SIMD8.zero)
            sums[1][2 &* p &+ 1] = Lane(lowHalf: half[p].highHalf, highHalf: SIMD8.zero)
        }
        return sums
    }
}

/// One pixel x one and a half column blocks: the second copy of the half block is dropped.
enum SingleHalfTile: RegisterTile {
    static var rows: Int { 1 }

    @inline(__always)
    static func multiply(
        _ a: RowOperand, _ row: UnsafeRawPointer, _ b: PackedMatrix, _ weights: UnsafeRawPointer, block: Int,
        pixel: Int, _ epilogue: some TileEpilogue
    ) {
        var sums = Tile<1, 2>.product(row, a, weights, b.depth)
        sums[1][0].highHalf = SIMD8.zero
        epilogue.store(sums[0], block: block, pixel: pixel)
        epilogue.store(sums[1], block: block &+ 1, pixel: pixel)
    }
}

/// The float at `address + offset` in every channel.
@inline(__always)
private func broadcast(_ address: UnsafeRawPointer, _ offset: Int) -> Lane {
    Lane(repeating: address.loadUnaligned(fromByteOffset: offset, as: Float.self))
}
