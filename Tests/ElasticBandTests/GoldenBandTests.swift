import ConvNet
import Foundation
import Testing

@testable import ElasticBand

/// `../shared/golden/regularizers_48.safetensors`, made independently with NumPy in float64 from
/// float32 pivots: `force` is the gradient less its part along the tangent, 0 at both ends;
/// `redistributed` is the even spacing of `pivots` as they are, without a move.
@Suite struct GoldenBandTests {
    static let goldenPath = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "shared/golden/regularizers_48.safetensors"
        ).path
    static let hasGolden = FileManager.default.fileExists(atPath: goldenPath)
    static let noGolden: Comment = "the golden numbers (../shared/golden) are absent"

    /// A tensor's rows along its first axis, each flattened.
    private func rows(_ name: String, of file: SafetensorsFile) throws -> [[Float]] {
        let tensor = try file.tensor(named: name)
        let width = tensor.shape.dropFirst().reduce(1, *)
        return (0..<tensor.shape[0]).map { Array(tensor.values[($0 * width)..<(($0 + 1) * width)]) }
    }

    @Test(.enabled(if: hasGolden, noGolden))
    func `Forces and redistribution agree with the golden band`() throws {
        let file = try SafetensorsFile(path: Self.goldenPath)
        let space = EuclideanSpace<Float>()
        let path = try rows("band/pivots", of: file)
        let objectives = try rows("band/objective", of: file).map { Double($0[0]) }
        var forces = try rows("band/gradient", of: file)
        try #require(path.count == 7 && forces.count == 7 && objectives.count == 7)

        for index in 1...5 {
            space.project(&forces[index], perpendicularTo: path, at: index, objectives: objectives)
        }
        let golden = try rows("band/force", of: file)
        let forceError = (1...5).map { largest(forces[$0], golden[$0]) }.max() ?? .infinity
        let spread = space.redistributed(path)
        let goldenSpread = try rows("band/redistributed", of: file)
        let spreadError = zip(spread, goldenSpread).map(largest).max() ?? .infinity
        print("golden band: force off by \(forceError), redistribution by \(spreadError)")
        #expect(forceError <= 2e-6)
        #expect(spreadError <= 1e-6)
        #expect(spread[0] == path[0] && spread[6] == path[6])
        #expect(golden[0].allSatisfy { $0 == 0 } && golden[6].allSatisfy { $0 == 0 })
    }

    private func largest(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
