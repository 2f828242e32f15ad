import Networks

/// A convolution, or its gradient, as sums over taps. Where pixels are `rowStep` and `columnStep` apart, the value at row
/// `firstRow + j * rowStep` and column `firstColumn + i * columnStep` is the sum over the taps of a weight times the
/// source at row `j * sourceRowStep + tap.row` and column `i * sourceColumnStep + tap.column`; outside the source are
/// zeros.
///
/// Forward there is one phase. The gradient of a convolution with stride s has s * s: the pixels of each are those that
/// the same taps of the kernel reach, so that each is a convolution with stride 1 itself.
struct TapPhase: Equatable {
    struct Tap: Equatable {
        let kernelRow: Int
        let kernelColumn: Int
        let row: Int
        let column: Int
    }

    let firstRow: Int
    let rowStep: Int
    let rowCount: Int
    let firstColumn: Int
    let columnStep: Int
    let columnCount: Int
    let sourceRowStep: Int
    let sourceColumnStep: Int
    let taps: [Tap]

    /// The taps of a forward convolution.
    static func forward(_ convolution: Convolution, output: MapShape) -> TapPhase {
        var taps: [Tap] = []
        for row in 0..<convolution.kernelHeight {
            for column in 0..<convolution.kernelWidth {
                taps.append(
                    Tap(
                        kernelRow: row, kernelColumn: column, row: row * convolution.dilationY - convolution.top,
                        column: column * convolution.dilationX - convolution.left))
            }
        }
        return TapPhase(
            firstRow: 0, rowStep: 1, rowCount: output.height, firstColumn: 0, columnStep: 1,
            columnCount: output.width, sourceRowStep: convolution.strideY, sourceColumnStep: convolution.strideX,
            taps: taps)
    }

    /// The phases of the gradient by an input of this shape, by the remainders of row and column. A phase may have no
    /// taps (a stride beyond the kernel): its gradient is zero.
    static func backward(_ convolution: Convolution, input: MapShape) -> [TapPhase] {
        let rows = axis(
            convolution.kernelHeight, convolution.strideY, convolution.dilationY, convolution.top, input.height)
        let columns = axis(
            convolution.kernelWidth, convolution.strideX, convolution.dilationX, convolution.left, input.width)
        var phases: [TapPhase] = []
        for row in rows {
            for column in columns {
                var taps: [Tap] = []
                for (kernelRow, y) in row.taps {
                    for (kernelColumn, x) in column.taps {
                        taps.append(Tap(kernelRow: kernelRow, kernelColumn: kernelColumn, row: y, column: x))
                    }
                }
                phases.append(
                    TapPhase(
                        firstRow: row.first, rowStep: convolution.strideY, rowCount: row.count,
                        firstColumn: column.first, columnStep: convolution.strideX, columnCount: column.count,
                        sourceRowStep: 1, sourceColumnStep: 1, taps: taps))
            }
        }
        return phases
    }

    /// One axis: for each remainder of (place + padding) by the stride, the first place, how many there are, and which
    /// taps of the kernel reach them from where.
    private static func axis(
        _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int, _ size: Int
    ) -> [(first: Int, count: Int, taps: [(Int, Int)])] {
        (0..<stride).map { remainder in
            let first = ((remainder - padding) % stride + stride) % stride
            var taps: [(Int, Int)] = []
            for tap in 0..<kernel where tap * dilation % stride == remainder {
                taps.append((tap, (first + padding - tap * dilation) / stride))
            }
            return (first, first < size ? (size - first + stride - 1) / stride : 0, taps)
        }
    }
}

/// The zeros that phases read around their source.
struct SourcePadding: Equatable {
    var top = 0
    var left = 0
    var bottom = 0
    var right = 0

    init(_ phases: [TapPhase], height: Int, width: Int) {
        for phase in phases where phase.rowCount > 0 && phase.columnCount > 0 {
            for tap in phase.taps {
                top = max(top, -tap.row)
                left = max(left, -tap.column)
                bottom = max(bottom, (phase.rowCount - 1) * phase.sourceRowStep + tap.row - (height - 1))
                right = max(right, (phase.columnCount - 1) * phase.sourceColumnStep + tap.column - (width - 1))
            }
        }
    }

    var isEmpty: Bool { top == 0 && left == 0 && bottom == 0 && right == 0 }
}

/// Copies a blocked map `[block][height][width]` into one with zeros around, masked if there is a mask.
func copyPadded(
    _ source: UnsafeRawPointer, blocks: Int, height: Int, width: Int, _ padding: SourcePadding,
    into target: UnsafeMutableRawPointer
) {
    let rowLanes = padding.left + width + padding.right
    let planeLanes = rowLanes * (padding.top + height + padding.bottom)
    for block in 0..<blocks {
        let from = source + block * height * width * laneBytes
        let to = target + block * planeLanes * laneBytes
        clear(to, lanes: padding.top * rowLanes + padding.left)
        var row = to + (padding.top * rowLanes + padding.left) * laneBytes
        for y in 0..<height {
            row.copyMemory(from: from + y * width * laneBytes, byteCount: width * laneBytes)
            clear(row + width * laneBytes, lanes: y + 1 < height ? padding.right + padding.left : padding.right)
            row += rowLanes * laneBytes
        }
        clear(to + rowLanes * (padding.top + height) * laneBytes, lanes: padding.bottom * rowLanes)
    }
}

/// Writes zeros.
func clear(_ target: UnsafeMutableRawPointer, lanes: Int) {
    for index in 0..<lanes { target.setLane(index, to: Lane.zero) }
}
