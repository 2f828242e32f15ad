import Foundation
import Testing

@testable import FeatureVisualization

/// A ratio within one process: a machine's own speed fails nothing.
@Suite struct FourierSpeedTests {
    /// Measured: 180 to 500 times as fast, on a busy machine. Ten times more terms are what an unexpected stage for a large prime would cost; a fused
    /// multiply-add that becomes a call to the C library costs more.
    @Test func `a transform is far faster than the sum that defines it`() {
        let length = 224
        let transform = FourierTransform(length: length)
        let input = (0..<length).map { ComplexVector(Vector(repeating: Float($0 % 7) - 3), Vector(repeating: 1)) }
        let roots = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }.map {
            (Float(cos($0)), Float(sin($0)))
        }
        var (fast, plain) = (input, input)
        var (fastest, plainest) = (Double.infinity, Double.infinity)
        for _ in 0..<100 {
            fast = input
            fastest = min(
                fastest,
                processorSeconds { fast.withUnsafeMutableBufferPointer { transform.transform($0.baseAddress!) } })
            plainest = min(
                plainest,
                processorSeconds {
                    for output in 0..<length {
                        var sum = ComplexVector.zero
                        for (index, value) in input.enumerated() {
                            let (c, s) = roots[index * output % length]
                            sum = sum + value.rotated(c, s)
                        }
                        plain[output] = sum
                    }
                })
        }
        let difference = fast[transform.places[5]].real[3] - plain[5].real[3]
        #expect(abs(difference) < 1e-2, "both compute the same, \(difference)")
        print("transform: \(plainest / fastest) times the sum that defines it")
        #expect(plainest >= 20 * fastest, "\(fastest) s beside \(plainest) s of the sum")
    }

    private func processorSeconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        body()
        return now() - start
    }
}
