/// Sixteen values at once: one register with AVX-512, two with AVX2, four with NEON. All give the same bits.
typealias Vector = SIMD16<Float>

let vectorWidth = 16

extension UnsafePointer<Float> {
    /// The sixteen values from `index` on, however they are aligned.
    @inline(__always) func vector(at index: Int) -> Vector {
        UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
    }
}

extension UnsafeMutablePointer<Float> {
    @inline(__always) func vector(at index: Int) -> Vector {
        UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
    }

    @inline(__always) func setVector(at index: Int, to value: Vector) {
        UnsafeMutableRawPointer(self + index).storeBytes(of: value, as: Vector.self)
    }
}

/// Where blocks of sixteen start that cover `0..<count`. The last one ends at `count` and may overlap the one before:
/// what is computed twice is the same, so there are no tails to treat apart.
func blockStarts(covering count: Int) -> [Int] {
    precondition(count >= vectorWidth, "a block needs sixteen elements")
    return (0..<(count + vectorWidth - 1) / vectorWidth).map { min($0 * vectorWidth, count - vectorWidth) }
}

/// Sixteen rows of sixteen values.
typealias Tile = InlineArray<16, Vector>

/// Transposes: `row` gives each of sixteen rows of sixteen values by its number, `write` takes each column by its
/// number.
@inline(__always) func transpose(_ row: (Int) -> Vector, _ write: (Int, Vector) -> Void) {
    // Spelt out: an array that a loop fills or reads lies in memory, not in registers.
    let columns = transposed([
        row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7),
        row(8), row(9), row(10), row(11), row(12), row(13), row(14), row(15),
    ])
    write(0, columns[0])
    write(1, columns[1])
    write(2, columns[2])
    write(3, columns[3])
    write(4, columns[4])
    write(5, columns[5])
    write(6, columns[6])
    write(7, columns[7])
    write(8, columns[8])
    write(9, columns[9])
    write(10, columns[10])
    write(11, columns[11])
    write(12, columns[12])
    write(13, columns[13])
    write(14, columns[14])
    write(15, columns[15])
}

/// Rows become columns: four rounds of interleaving row i with row i + 8.
@inline(__always) private func transposed(_ tile: Tile) -> Tile {
    var (from, to) = (tile, tile)
    for _ in 0..<4 {
        for row in 0..<8 {
            to[2 * row] = interleaved(from[row].lowHalf, from[row + 8].lowHalf)
            to[2 * row + 1] = interleaved(from[row].highHalf, from[row + 8].highHalf)
        }
        from = to
    }
    return from
}

@inline(__always) private func interleaved(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> Vector {
    var result = Vector.zero
    result.evenHalf = a
    result.oddHalf = b
    return result
}

/// Memory for elements on their natural boundary, zero bytes at first; freed with the object.
final class Buffer<Element: BitwiseCopyable> {
    let base: UnsafeMutablePointer<Element>

    init(count: Int) {
        base = UnsafeMutablePointer<Element>.allocate(capacity: count)
        UnsafeMutableRawPointer(base).initializeMemory(
            as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
    }

    deinit { base.deallocate() }
}

/// Runs over places in sixteens, then one by one.
@inline(__always)
func forEachVector(_ count: Int, _ vector: (Int) -> Void, _ scalar: (Int) -> Void) {
    var index = 0
    while index + vectorWidth <= count {
        vector(index)
        index += vectorWidth
    }
    while index < count {
        scalar(index)
        index += 1
    }
}
