import Foundation
import Testing

@testable import Trust

/// Every formula beside numbers that NumPy and SciPy computed (golden.py), known extremes among them.
@Suite struct GoldenTests {
    @Test func `rank correlations`() throws {
        for test in try Golden.cases("spearman", Pair.self) {
            expect(Correlation.spearman(test.a, test.b), test.expected, test.name)
        }
    }

    @Test func `areas under curves, distances and over-drive`() throws {
        for test in try Golden.cases("auc", Activations.self) {
            expect(PhotographComparison.areaUnderCurve(test.f, test.p), test.expected, test.name)
        }
        for test in try Golden.cases("mad", Activations.self) {
            expect(PhotographComparison.distance(test.f, test.p), test.expected, test.name)
        }
        for test in try Golden.cases("overDrive", Activations.self) {
            let baseline = try #require(test.baseline)
            expect(PhotographComparison.overDrive(test.f, test.p, baseline: baseline), test.expected, test.name)
        }
    }

    @Test func `one thing or several`() throws {
        for test in try Golden.cases("clarity", Vectors.self) {
            expect(Clarity.clarity(test.vectors), test.expected, test.name)
        }
        for test in try Golden.cases("polysemanticity", Vectors.self) {
            expect(Clarity.polysemanticity(test.vectors), test.expected, test.name)
        }
        for test in try Golden.cases("agreement", Lists.self) {
            expect(Clarity.agreement(test.one, test.other), test.expected, test.name)
        }
    }

    @Test func `spectra`() throws {
        for test in try Golden.cases("spectrum", Spectrum.self) {
            let (height, width) = (test.image.count, test.image[0].count)
            let spectrum = try #require(
                RingSpectrum(pixels: test.image.flatMap { $0.flatMap(\.self) }, height: height, width: width))
            #expect(spectrum.rings.count == test.rings.count, "\(test.name)")
            for (ring, expected) in zip(spectrum.rings, test.rings) {
                expect(ring.frequency, expected.frequency, test.name)
                expect(ring.logarithm - log(test.amplitude(at: ring.frequency)), expected.value, test.name)
            }
            expect(spectrum.distance { test.amplitude(at: $0) }, test.expected, test.name)
        }
    }

    @Test func `routes: photographs that excite a unit take it, others do not`() throws {
        for test in try Golden.cases("naturalRoute", Route.self) {
            let route = NaturalRoute(strongest: test.strongest, any: test.any)
            expect(route?.share(of: test.frames), test.expected, test.name)
            guard let route else { continue }
            expect(route.amongStrongest, test.rhoTT, test.name)
            expect(route.amongAny, test.rhoPP, test.name)
        }
    }

    @Test func `film scores: films of units at random are a guess`() throws {
        for test in try Golden.cases("filmMIS", Draws.self) {
            let score = FilmScore(test.choices, scale: test.scale)
            expect(score?.score, test.expected, test.name)
            expect(score?.share, test.share, test.name)
        }
    }

    @Test func `occlusions`() throws {
        for test in try Golden.cases("occlusion", Squares.self) {
            expect(
                CausalOcclusion.share(losses: test.drops, likenesses: test.likenesses), test.expected, test.name)
        }
    }

    private func expect(_ value: Double?, _ expected: Double?, _ name: String) {
        guard let value, let expected else {
            #expect(value == nil && expected == nil, "\(name): \(String(describing: value))")
            return
        }
        #expect(abs(value - expected) <= 1e-6 * max(1, abs(expected)), "\(name): \(value) instead of \(expected)")
    }
}

private enum Golden {
    static func cases<Case: Decodable>(_ key: String, _ type: Case.Type) throws -> [Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/trust.json")
        let all = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let list = try #require((all as? [String: Any])?[key])
        let cases = try JSONDecoder().decode([Case].self, from: JSONSerialization.data(withJSONObject: list))
        #expect(!cases.isEmpty)
        return cases
    }
}

private struct Pair: Decodable {
    let name: String
    let a, b: [Double]
    let expected: Double?
}

private struct Activations: Decodable {
    let name: String
    let f, p: [Double]
    let baseline: Double?
    let expected: Double?
}

private struct Vectors: Decodable {
    let name: String
    let vectors: [[Double]]
    let expected: Double
}

private struct Lists: Decodable {
    let name: String
    let one, other: [[Double]]
    let expected: Double

    private enum CodingKeys: String, CodingKey {
        case name, expected
        case one = "A"
        case other = "B"
    }
}

private struct Ring: Decodable {
    /// In cycles per pixel.
    let frequency: Double
    /// The logarithm of the mean amplitude over that of the reference.
    let value: Double
}

private struct Spectrum: Decodable {
    let name: String
    let image: [[[Float]]]
    let reference: [[Double]]
    let rings: [Ring]
    let expected: Double

    /// Straight lines between the logarithms, and on beyond the ends.
    func amplitude(at frequency: Double) -> Double {
        let next = min(
            max(reference.firstIndex { $0[0] > frequency } ?? reference.count, 1), reference.count - 1)
        let (a, b) = (reference[next - 1].map { log($0) }, reference[next].map { log($0) })
        return exp(a[1] + (b[1] - a[1]) * (log(frequency) - a[0]) / (b[0] - a[0]))
    }
}

private struct Route: Decodable {
    let name: String
    let frames, strongest, any: [[Double]]
    let expected, rhoTT, rhoPP: Double?

    private enum CodingKeys: String, CodingKey {
        case name, expected, rhoTT, rhoPP
        case frames = "F"
        case strongest = "T"
        case any = "P"
    }
}

private struct Draws: Decodable {
    let name: String
    let plusToPlus, plusToMinus, minusToPlus, minusToMinus: [[Double]]
    let draws: [[Int]]
    let scale: Double
    let expected, share: Double?

    var choices: [FilmScore.Choice] {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        return draws.map { draw in
            FilmScore.Choice(
                exciting: (mean(plusToPlus[draw[0]]), mean(plusToMinus[draw[0]])),
                other: (mean(minusToPlus[draw[1]]), mean(minusToMinus[draw[1]])))
        }
    }
}

private struct Squares: Decodable {
    let name: String
    let drops, likenesses: [Double]
    let expected: Double?
}
