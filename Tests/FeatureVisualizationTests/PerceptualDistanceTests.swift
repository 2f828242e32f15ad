import ConvNet
import Testing

@testable import FeatureVisualization

@Suite struct PerceptualDistanceTests {
    private func tensor(_ pixels: [[Float]]) -> Tensor {
        Tensor(shape: [1, pixels.count, pixels[0].count], values: pixels.flatMap { $0 })
    }

    @Test func itComparesDirectionsOverChannels() {
        let a = tensor([[3, 0], [0, 2]])
        #expect(PerceptualDistance.distance([a], [a]) == 0)
        // A larger output in the same direction is the same.
        #expect(PerceptualDistance.distance([a], [tensor([[6, 0], [0, 1]])]) < 1e-6)
        // One of two pixels orthogonal: |difference|^2 is 2 there, 1 on average.
        #expect(abs(PerceptualDistance.distance([a], [tensor([[0, 1], [0, 1]])]) - 1) < 1e-6)
        // Layers add up under the root: opposite everywhere is 4.
        let opposite = tensor([[-3, 0], [0, -2]])
        #expect(abs(PerceptualDistance.distance([a, a], [opposite, opposite]) - Float(8).squareRoot()) < 1e-5)
        #expect(PerceptualDistance.distance([tensor([[0, 0]])], [tensor([[0, 0]])]) == 0)
    }

    @Test func itsLayersExistInTheNetworksOrder() {
        let names = MobileNetV2.layers.map(\.name)
        let places = PerceptualDistance.layers.compactMap { names.firstIndex(of: $0) }
        #expect(places.count == 5 && places == places.sorted(), "\(places)")
    }
}
