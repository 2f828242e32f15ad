import ConvNet
import FeatureVisualization
import Testing

@testable import Pipeline

@Suite struct FacetRecordTests {
    private static let (height, width) = (32, 33)

    private static func facet(_ point: Facet.Point?) -> MeasuredFacet {
        let pixels = (0..<height * width * 3).map { Float($0 % 17) / 17 }
        return MeasuredFacet(
            facet: Facet(
                name: "", image: Image(height: height, width: width, pixels: pixels), activation: 1.5, steps: 3,
                evaluations: 4, point: point),
            robustActivation: 0.5)
    }

    private static func point(_ kind: Parameterization) -> Facet.Point {
        Facet.Point(kind, (0..<kind.count(height: height, width: width)).map { Float($0 % 23) - 11 })
    }

    private func read(_ record: StageRecord, count: Int = 1) throws -> [Facet] {
        try [MeasuredFacet](record, count: count, height: Self.height, width: Self.width).map(\.facet)
    }

    @Test func `facets come back with the point of their kind`() throws {
        let facets = Parameterization.allCases.map { Self.facet(Self.point($0)) } + [Self.facet(nil)]
        #expect(try read(facets.record(), count: facets.count) == facets.map(\.facet))
    }

    @Test func `an image that is its own point is kept once`() throws {
        #expect(try [Self.facet(nil)].record().tensors.keys.sorted() == ["image 0"])
    }

    /// As it was written before there were kinds.
    private func oldRecord(hasSpectrum: Bool) throws -> StageRecord {
        struct Numbers: Encodable {
            var activation: Float = 1.5
            var robustActivation: Float = 0.5
            var steps = 3
            var evaluations = 4
            var hasSpectrum: Bool
        }
        let spectrum = Self.point(.fourier).numbers
        var tensors: [String: SafetensorsContents.Values] = [
            "image 0": .floats(
                Tensor(shape: [Self.height, Self.width, 3], values: Self.facet(nil).facet.image.pixels))
        ]
        if hasSpectrum { tensors["spectrum 0"] = .floats(Tensor(shape: [spectrum.count], values: spectrum)) }
        return try StageRecord([Numbers(hasSpectrum: hasSpectrum)], tensors)
    }

    @Test func `an old record without kinds is of a spectrum of decorrelated colors, or of an image alone`() throws {
        #expect(try read(oldRecord(hasSpectrum: true)) == [Self.facet(Self.point(.fourier)).facet])
        #expect(try read(oldRecord(hasSpectrum: false)) == [Self.facet(nil).facet])
    }

    @Test func `a point of an unknown kind or another size is refused`() throws {
        let good = try [Self.facet(Self.point(.fourier))].record()
        let state = String(decoding: good.state, as: UTF8.self)
        for kind in ["pixels", "nothing"] {
            let changed = state.replacing("\"fourier\"", with: "\"\(kind)\"")
            #expect(changed != state)
            #expect(throws: StageRecordError.self) {
                try read(StageRecord(state: .init(changed.utf8), tensors: good.tensors))
            }
        }
        #expect(throws: StageRecordError.self) {
            try read(StageRecord(state: good.state, tensors: good.tensors.filter { $0.key == "image 0" }))
        }
    }
}
