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
        for _ in 0..<50 { best = (min(best.a, seconds(a)), min(best.b, seconds(b))) }
        return best
    }

    /// The projection of block_12, 14 x 14 pixels from 576 to 96 channels. Measured: 32 to 82 times as fast, on a busy machine. A
    /// fused multiply-add that becomes a call to the C library costs a factor of a hundred, sums that are not kept in
    /// registers one of four.
    ///
    /// Through the operation: called from another module, the generic `multiply` would not be specialised.
    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights))
    func `the matrix kernel is far faster than a plain loop`() throws {
        let (pixels, channels) = (196, 96)
        let evaluator = try Evaluator(
            network: try Resources.network(), layer: "block_13_project_BN", height: 224, width: 224)
        let block = try #require(evaluator.plan.block)
        let depth = 576
        let a = KernelSweep.noise(depth * pixels, seed: 1)
        let w = KernelSweep.noise(depth * channels, seed: 2)
        let packed = PackedMatrix(depth: depth, columns: channels) { w[$0 * channels + $1] }
        let plane = block.stripPlane(0..<pixels)
        for channel in 0..<depth {
            let lanes = plane.pointer(block: channel / laneWidth, pixel: 0).assumingMemoryBound(to: Float.self)
            for pixel in 0..<pixels { lanes[pixel * laneWidth + channel % laneWidth] = a[channel * pixels + pixel] }
        }
        let output = AlignedBuffer(count: channels * pixels)
        var plain = [Float](repeating: 0, count: channels * pixels)

        let times = Self.fastest {
            block.multiplyStrip(
                0..<pixels, planePixels: pixels, by: packed, bias: block.zeros.base, into: output.base, adding: nil)
        } _: {
            a.withUnsafeBufferPointer { a in
                w.withUnsafeBufferPointer { w in
                    for channel in 0..<channels {
                        for pixel in 0..<pixels {
                            var sum: Float = 0
                            for index in 0..<depth { sum += a[index * pixels + pixel] * w[index * channels + channel] }
                            plain[channel * pixels + pixel] = sum
                        }
                    }
                }
            }
        }
        let worst = (0..<channels).map {
            abs(KernelSweep.value(output, $0, 77, pixels: pixels) - plain[$0 * pixels + 77])
        }
        #expect(worst.max() ?? 1 < 1e-3, "both compute the same")
        print("matrix kernel: \(times.b / times.a) times a plain loop")
        #expect(times.b >= 8 * times.a, "\(times.a) s beside \(times.b) s of a plain loop")
    }

    /// Memory is bounded by workers: what each holds for the deepest projection.
    @Test(.enabled(if: Resources.hasWeights, Resources.noWeights))
    func `a worker's memory at 224 px stays below 8 MB`() throws {
        let evaluator = try Evaluator(
            network: try Resources.network(), layer: "block_16_project_BN", height: 224, width: 224)
        #expect(evaluator.plan.byteCount <= 8_000_000, "\(evaluator.plan.byteCount) bytes")
        // The bits of its masks alone (ENGINE.md: .755 MB): below that something is not counted.
        #expect(evaluator.plan.byteCount >= 755_000, "\(evaluator.plan.byteCount) bytes")
    }
}
