import ConvNet
import ElasticBand
import FeatureVisualization
import Film
import Testing

@testable import Pipeline

@Suite struct FrameSequenceTests {
    /// A picture of one grey.
    private func bitmap(_ grey: UInt8) -> Bitmap {
        Bitmap(width: 2, height: 2, pixels: [UInt8](repeating: grey, count: 12))
    }

    private func path(_ greys: [UInt8]) -> RenderedPath {
        RenderedPath(images: greys.map(bitmap), activations: greys.map(Double.init), featureSteps: [])
    }

    /// Facets come from the optimiser only; here their names matter.
    private final class Flat: ActivationSource {
        func activation(of image: Image) -> Float { 7 }
        func activation(of image: Image, gradient: inout Image) -> Float {
            for index in gradient.pixels.indices { gradient.pixels[index] = Float(index % 2) }
            return 7
        }
        func redirectedGradient(of image: Image, into gradient: inout Image) {}
    }

    private func facet(_ name: String) throws -> Facet {
        try FacetOptimizer(FacetSpecification(name: name, steps: 0), height: 32, width: 32, seed: 1, index: 0)
            .finish(Flat())
    }

    @Test func `paths follow each other, and the facet between them is shown once`() throws {
        let sequence = FrameSequence(
            facets: try ["a", "b", "c"].map(facet), paths: [path([10, 11, 12, 20]), path([20, 21, 30])])
        #expect(sequence.images.map { $0.pixels[0] } == [10, 11, 12, 20, 21, 30])
        #expect(sequence.facetFrames == [0, 3, 5])
        #expect(sequence.entries.map(\.index) == Array(0..<6))
        #expect(sequence.entries.map(\.path) == [0, 0, 0, 1, 1, 1])
        #expect(sequence.entries.map(\.position) == [0, 1.0 / 3, 2.0 / 3, 0, 0.5, 1])
        #expect(sequence.entries.map(\.facet) == ["a", nil, nil, "b", nil, "c"])
        #expect(sequence.entries.map(\.activation) == [10, 11, 12, 20, 21, 30])
    }

    @Test(
        arguments: [
            ([10, 8, 8.5, 2], 1, nil), ([10, 8, 4, 2], 2, nil), ([2, 9, 3], 1, nil), ([2, 4, 8, 10], 1, nil),
            ([5, 5, 5], 1, nil), ([9, 4, 4, 5], 2, 2), ([3, 7, 1, 8], 2, 2), ([-1, -2, -1], 1, 1),
            ([5, .nan, 5], 1, nil),
            ([9, 4, 5], nil, nil),
        ] as [([Double], Int?, Int?)])
    func `a lowest frame is marked only where it is lower than both ends of its path`(
        activations: [Double], climber: Int?, expected: Int?
    ) throws {
        let images = activations.map { _ in bitmap(0) }
        let before = path([10, 10, 10])
        let measured = RenderedPath(
            images: images, activations: activations, featureSteps: [], lowestFrame: climber)
        let sequence = FrameSequence(facets: try ["a", "b", "c"].map(facet), paths: [before, measured])
        #expect(sequence.lowestFrames == [nil, expected.map { 2 + $0 }])
        #expect((measured.saddleAbsence != nil) == (climber != nil && expected == nil))
        #expect(before.saddleAbsence == nil)
    }

    @Test func `six facets with the thesis' numbers have 421 frames`() throws {
        let paths = (0..<5).map { _ in path([UInt8](repeating: 0, count: 85)) }
        let sequence = FrameSequence(facets: try (0..<6).map { try facet("\($0)") }, paths: paths)
        #expect(sequence.images.count == 421)
        #expect(sequence.facetFrames == [0, 84, 168, 252, 336, 420])
    }

    @Test func `a single facet is a film of one frame`() throws {
        let sequence = FrameSequence(facets: [try facet("only")], paths: [])
        #expect(sequence.entries.map(\.facet) == ["only"])
        #expect(sequence.facetFrames == [0])
    }
}

@Suite struct ImageBitmapTests {
    @Test func `values are rounded and clipped to eight bits`() {
        let image = Image(height: 1, width: 2, pixels: [-1, 1, 0, -2, 7, .nan])
        #expect(Bitmap(image).pixels == [0, 255, 128, 0, 255, 0])
    }

    @Test func `every byte survives the way to the network and back`() {
        let bytes = (0..<768).map { UInt8($0 % 256) }
        let bitmap = Bitmap(width: 16, height: 16, pixels: bytes)
        #expect(Bitmap(Image(bitmap)) == bitmap)
        #expect(Image(bitmap).pixels.min() == -1)
        #expect(Image(bitmap).pixels.max() == 1)
    }

    @Test func `odd sides are made even by repeating the last row or column`() {
        let bitmap = Bitmap(width: 1, height: 3, pixels: [1, 2, 3, 4, 5, 6, 7, 8, 9])
        let even = bitmap.withEvenSides()
        #expect(even.width == 2)
        #expect(even.height == 4)
        #expect(
            even.pixels == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9])
        #expect(even.withEvenSides() == even)
    }
}
