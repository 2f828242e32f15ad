import ConvNet
import Testing

@testable import FeatureVisualization

@Suite struct PerceptualDistanceTests {
    private func tensor(_ pixels: [[Float]]) -> Tensor {
        Tensor(shape: [1, pixels.count, pixels[0].count], values: pixels.flatMap { $0 })
    }

    private func distance(_ a: [Tensor], _ b: [Tensor]) -> Double {
        PerceptualFeatures(a).distance(to: PerceptualFeatures(b))
    }

    @Test func itComparesDirectionsOverChannels() {
        let a = tensor([[3, 0], [0, 2]])
        #expect(distance([a], [a]) == 0)
        // A larger output in the same direction is the same.
        #expect(distance([a], [tensor([[6, 0], [0, 1]])]) < 1e-6)
        // One of two pixels orthogonal: |difference|^2 is 2 there, 1 on average.
        #expect(abs(distance([a], [tensor([[0, 1], [0, 1]])]) - 1) < 1e-6)
        // Layers add up under the root: opposite everywhere is 4.
        let opposite = tensor([[-3, 0], [0, -2]])
        #expect(abs(distance([a, a], [opposite, opposite]) - 8.0.squareRoot()) < 1e-5)
        #expect(distance([tensor([[0, 0]])], [tensor([[0, 0]])]) == 0)
    }
}
