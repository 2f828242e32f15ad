import Foundation
import Testing

@testable import ConvNet

/// What must never be lost again. Ratios within one process and exact counts only: a machine's own speed fails nothing.
struct SpeedTests {
    /// The thread's processor time of the fastest of several calls of each, in turn.
    private static func fastest(_ a: () -> Void, _ b: () -> Void) -> (a: Double, b: Double) {
        func seconds(_ body: () -> Void) -> Double {
            func now() -> Double {
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
            }
            let start = now()
            body()
            return now() - start
        }
        var best = (a: Double.infinity, b: Double.infinity)
        for _ in 0..<7 { best = (min(best.a, seconds(a)), min(best.b, seconds(b))) }
        return best
    }

    /// 14 x 14 pixels from 96 to 576 channels, an expansion of block_12. Measured: 60 times as fast. A fused multiply-add
    /// that becomes a call to the C library, or tiles that fall out of the registers, cost more than a factor of ten.
    @Test func `the matrix kernel is far faster than a plain loop`() {
        let (depth, columns, pixels) = (96, 576, 196)
        let a = KernelTests.noise(depth * pixels, seed: 1)
        let w = KernelTests.noise(depth * columns, seed: 2)
        let packed = PackedMatrix(depth: depth, columns: columns) { w[$0 * columns + $1] }
        let source = KernelTests.blocked(a, channels: depth, pixels: pixels)
        let bias = AlignedBuffer(count: blockCount(columns) * laneWidth)
        let output = AlignedBuffer(count: blockCount(columns) * pixels * laneWidth)
        var plain = [Float](repeating: 0, count: columns * pixels)

        let times = Self.fastest {
            multiply(
                RowOperand.blocked(LanePlane(base: source.base, blockStride: pixels), from: 0), pixels: 0..<pixels,
                by: packed, panels: packed.panels,
                epilogue: LinearEpilogue(
                    output: LanePlane(base: output.base, blockStride: pixels), bias: bias.base))
        } _: {
            a.withUnsafeBufferPointer { a in
                w.withUnsafeBufferPointer { w in
                    for column in 0..<columns {
                        for pixel in 0..<pixels {
                            var sum: Float = 0
                            for index in 0..<depth { sum += a[index * pixels + pixel] * w[index * columns + column] }
                            plain[column * pixels + pixel] = sum
                        }
                    }
                }
            }
        }
        let worst = (0..<columns).map {
            abs(KernelTests.value(output, $0, 77, pixels: pixels) - plain[$0 * pixels + 77])
        }
        #expect(worst.max() ?? 1 < 1e-4, "both compute the same")
        #expect(times.b >= 8 * times.a, "\(times.a) s beside \(times.b) s of a plain loop")
    }

    /// Memory is bounded by workers: what each holds for the deepest projection.
    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights))
    func `a worker's scratch at 224 px stays below 8 MB`() throws {
        let evaluator = try Evaluator(
            network: try Resources.network(), layer: "block_16_project_BN", height: 224, width: 224)
        #expect(evaluator.scratchByteCount <= 8_000_000, "\(evaluator.scratchByteCount) bytes")
        // The bits of its masks alone (ENGINE.md: .755 MB) and the image: below that something is not counted.
        #expect(evaluator.scratchByteCount >= 755_000 + 224 * 224 * 3 * 4, "\(evaluator.scratchByteCount) bytes")
    }
}
