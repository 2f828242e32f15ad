import Foundation
import Testing

/// What films at 224 px are worth through the whole network: `make test-long`, a quarter of an hour. The table of the
/// same figures is in Documentation/films.md.
@Suite(
    .enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"),
    .enabled(
        if: ProcessInfo.processInfo.environment["FACETREEL_LONG_TESTS"] != nil, "long: only with FACETREEL_LONG_TESTS"),
    .serialized)
struct FilmQualityTests {
    private static let units: [(layer: String, unit: Int)] = [
        ("block_1_project_BN", 1), ("block_3_project_BN", 10), ("block_4_add", 6), ("block_6_project_BN", 59),
        ("block_8_add", 31), ("block_9_add", 17), ("block_12_add", 1), ("block_12_add", 33),
        ("block_13_project_BN", 60),
        ("block_14_project_BN", 3), ("block_15_project_BN", 5), ("block_16_project_BN", 10),
    ]

    /// One path, as film.json has it.
    private struct Band: Decodable {
        let minimumRatio: Double?
        let robustMinimum: Double?
        let contrastMinimum: Double?
        let featureStepRatio: Double?
    }

    private struct Film: Decodable {
        let bands: [Band]
    }

    /// All paths of all units, the same diverse facets joined by a preset's band.
    private func bands(preset: String) throws -> [(name: String, band: Band)] {
        let scratch = try Scratch()
        let jobs = Self.units.map { layer, unit in
            """
            {"name": "long", "layer": "\(layer)", "unit": \(unit), "preset": "\(preset)", "video": {"graph": false},
             "facets": [{"name": "fourier", "count": 4, "diversity": 1, "parameterization": "fourier", "steps": 256,
                         "transforms": "lucid"}]}
            """
        }
        try scratch.write("{\"jobs\": [\(jobs.joined(separator: ",\n"))]}", "films.json")
        let outcome = try Command.run("render", "films.json", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        return try Self.units.flatMap { layer, unit in
            let film = try JSONDecoder().decode(
                Film.self, from: scratch.read("Output/long/\(layer)/\(unit)/film.json"))
            #expect(film.bands.count == 3)
            return film.bands.enumerated().map { ("\(layer) \(unit), path \($0)", $1) }
        }
    }

    @Test func `Standard films keep activating the unit, keep their contrast and move evenly`() throws {
        let bands = try bands(preset: "standard")
        for (name, band) in bands {
            #expect(band.minimumRatio ?? 0 >= 0.98, "\(name): \(band)")
            #expect(band.robustMinimum ?? 0 >= 0.95, "\(name): \(band)")
            #expect(band.contrastMinimum ?? 0 >= 0.97, "\(name): \(band)")
            #expect(band.featureStepRatio ?? .infinity <= 1.15, "\(name): \(band)")
        }
    }

    @Test func `Thesis films show the thesis' weaknesses, or the comparison is not fair`() throws {
        let bands = try bands(preset: "thesis").map(\.band)
        for band in bands {
            #expect((0.65...0.85).contains(band.contrastMinimum ?? 0), "\(band)")
            #expect((0.15...0.9).contains(band.robustMinimum ?? 0), "\(band)")
            #expect(band.featureStepRatio ?? 0 > 1.5, "\(band)")
        }
    }
}
