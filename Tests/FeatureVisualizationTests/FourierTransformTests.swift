import Foundation
import Testing

@testable import FeatureVisualization

@Suite struct FourierTransformTests {
    /// Against the definition, in double precision: powers of two, every radix, primes large and small, and the house size.
    @Test(arguments: [
        1, 2, 3, 4, 5, 7, 8, 9, 11, 16, 25, 32, 33, 35, 37, 48, 49, 64, 97, 121, 128, 169, 210, 224, 225, 256,
    ])
    func `the transform is the sum that defines it`(length: Int) {
        let transform = FourierTransform(length: length)
        var random = CounterRandom(seed: 1, stage: "test transform", step: 0, index: length)
        let input = (0..<length).map { _ in
            var value = ComplexVector.zero
            for lane in 0..<16 { (value.real[lane], value.imaginary[lane]) = (random.normal(), random.normal()) }
            return value
        }
        var data = input
        data.withUnsafeMutableBufferPointer { transform.transform($0.baseAddress!) }

        #expect(Set(transform.places) == Set(0..<length), "each output has a place of its own")
        var (worst, sum) = (0.0, 0.0)
        for output in 0..<length {
            for lane in [0, 7, 15] {
                var (real, imaginary) = (0.0, 0.0)
                for (j, value) in input.enumerated() {
                    let angle = 2 * Double.pi * Double(j * output % length) / Double(length)
                    let (a, b) = (Double(value.real[lane]), Double(value.imaginary[lane]))
                    real += a * cos(angle) - b * sin(angle)
                    imaginary += a * sin(angle) + b * cos(angle)
                }
                let found = data[transform.places[output]]
                worst = max(worst, abs(Double(found.real[lane]) - real), abs(Double(found.imaginary[lane]) - imaginary))
                sum += real * real + imaginary * imaginary
            }
        }
        let typical = (sum / Double(3 * length)).squareRoot()
        #expect(worst <= 3e-6 * typical, "largest error \(worst / typical) of a typical output")
    }

    @Test func `sixteen sequences transformed at once do not mix`() {
        let transform = FourierTransform(length: 35)
        var data = [ComplexVector](repeating: .zero, count: 35)
        for index in data.indices { data[index].real[3] = Float(index) }
        data.withUnsafeMutableBufferPointer { transform.transform($0.baseAddress!) }
        for value in data {
            for lane in 0..<16 where lane != 3 { #expect(value.real[lane] == 0 && value.imaginary[lane] == 0) }
        }
    }
}
