import Foundation
import Testing

@testable import JobManifest
@testable import Pipeline
@testable import PipelineSupport

/// A run that was stopped, at any step of any kind of stage, and one that finds stages in the cache: their films are those
/// of a run that was left alone, to the last byte.
@Suite(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct ContinuationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let facets: String
        let neb: String
    }

    static let cases = [
        Case(
            testDescription: "pixel facets of every optimiser, the thesis' band with its refinement",
            facets: #"""
                {"name": "adam", "steps": 6, "l1": 1e-5}, {"name": "blur", "steps": 6, "optimizer": "sign", "gaussianBlur": {}},
                {"name": "moved", "steps": 6, "transforms": "thesis"}
                """#, neb: TinyReels.thesisBand),
        Case(
            testDescription: "a diverse set, the standard band with levels, extra steps and retiming",
            facets: #"{"name": "f", "count": 3, "parameterization": "fourier", "steps": 8, "transforms": "lucid"}"#,
            neb: #""pivots": 5, "levels": [2], "steps": 4, "extraSteps": 4, "interpolations": 2"#),
        Case(
            testDescription: "climbing",
            facets: #"""
                {"name": "colours", "steps": 5, "decorrelatesColors": true},
                {"name": "f", "steps": 5, "parameterization": "fourier"}
                """#,
            neb: #""pivots": 4, "levels": [2], "steps": 3, "interpolations": 1, "climbingSteps": 6"#),
    ]

    @Test(arguments: cases) func `a run that is stopped again and again makes the same film`(_ kind: Case) throws {
        let reel = try Rendering.reel(TinyReels.manifest(kind.facets, kind.neb))
        let alone = Rendering()
        let whole = try alone.render(reel, cached: false)
        let film = try alone.film(reel)
        let steps = whole.steps.values.reduce(0, +)
        #expect(whole.film != nil && whole.failure == nil, "\(whole)")

        var stops = 0
        for (stride, workers) in [(4, 1), (7, 2)] {
            let rendering = Rendering()
            var report = Rendering.Report()
            for number in 1...steps {
                report = try rendering.render(reel, workers: workers, stopAfter: number * stride)
                #expect(report.failure == nil, "\(report)")
                if report.film != nil { break }
                stops += 1
            }
            #expect(try rendering.film(reel) == film, "stopped every \(stride) steps")
            #expect(rendering.warnings.value.isEmpty, "\(rendering.warnings.value)")
            #expect(rendering.cache.contents.checkpoints == 0, "\(rendering.cache.contents)")
        }
        print("\(steps) steps, \(stops) stops, \(film.files.values.reduce(0) { $0 + $1.count }) bytes")
        #expect(stops > 5)
    }

    /// As a kill leaves them: a checkpoint of every step, and none at the end.
    @Test(arguments: cases) func `every checkpoint of a run leads to the same film`(_ kind: Case) throws {
        let reel = try Rendering.reel(TinyReels.manifest(kind.facets, kind.neb))
        let alone = Rendering()
        _ = try alone.render(reel, cached: false)
        let film = try alone.film(reel)
        let rendering = Rendering()
        let first = try rendering.render(reel, interval: .zero)
        #expect(first.film != nil, "\(first)")
        #expect(try rendering.film(reel) == film)
        // All stages are there: nothing is optimised again.
        let hits = try rendering.render(reel)
        #expect(hits.steps[.facets] == 0 && hits.steps[.bands] == 0, "\(hits)")
        #expect(try rendering.film(reel) == film)
        #expect(rendering.warnings.value.isEmpty)
    }

    @Test func `a hundred flipped bits in results and checkpoints are all noticed`() throws {
        let kind = Self.cases[1]
        let reel = try Rendering.reel(TinyReels.manifest(kind.facets, kind.neb))
        let alone = Rendering()
        _ = try alone.render(reel, cached: false)
        let film = try alone.film(reel)
        let rendering = Rendering()
        // Of a run stopped in its bands: a result and checkpoints.
        _ = try rendering.render(reel, workers: 2, stopAfter: 30)
        let stopped = rendering.cache.entries()
        let kinds = Set(stopped.map(\.kind))
        #expect(kinds == [.result, .checkpoint], "\(stopped)")
        let good = try stopped.map { ($0, try Data(contentsOf: URL(filePath: $0.path))) }

        var random = Numbers(state: 5)
        var noticed = 0
        for round in 0..<100 {
            let (entry, bytes) = good[round % good.count]
            var bad = bytes
            let bit = random.below(bytes.count * 8)
            bad[bit / 8] ^= 1 << UInt8(bit % 8)
            try bad.write(to: URL(filePath: entry.path))
            let before = rendering.warnings.value.count
            #expect(rendering.cache.verify().removed == 1, "bit \(bit) of \(entry.path)")
            noticed += rendering.warnings.value.count - before
            try bytes.write(to: URL(filePath: entry.path))
        }
        print("\(noticed) of 100 noticed in files of \(good.map(\.1.count)) bytes")
        #expect(noticed == 100)

        // And a run that meets one in each goes on without them, to the same film.
        for (entry, bytes) in good {
            var bad = bytes
            bad[random.below(bytes.count)] ^= 4
            try bad.write(to: URL(filePath: entry.path))
        }
        let before = rendering.warnings.value.count
        #expect(try rendering.render(reel).film != nil)
        #expect(try rendering.film(reel) == film)
        let told = rendering.warnings.value.dropFirst(before)
        #expect(told.count >= 1 && told.allSatisfy { $0.contains("dropped") }, "\(told)")
    }

    @Test func `only what depends on a change is made again`() throws {
        func reel(steps: Int = 4, seed: Int = 1, change: (inout Reel) -> Void = { _ in }) throws -> Reel {
            var reel = try Rendering.reel(
                TinyReels.manifest(
                    #"{"name": "a", "steps": 4}, {"name": "b", "steps": 4}, {"name": "c", "steps": \#(steps)}"#,
                    TinyReels.thesisBand))
            change(&reel)
            return reel
        }
        let rendering = Rendering()
        let first = try rendering.render(reel())
        #expect(first.steps[.facets] == 12 && (first.steps[.bands] ?? 0) >= 8, "\(first)")

        let video = try rendering.render(reel { $0.video = VideoSettings(framesPerSecond: 25, graph: false) })
        #expect(video.steps[.facets] == 0 && video.steps[.bands] == 0 && video.film != nil, "\(video)")
        let names = try rendering.render(
            reel {
                $0.name = "other"
                $0.facets[0].name = "renamed"
            })
        #expect(names.steps[.facets] == 0 && names.steps[.bands] == 0 && names.film != nil, "\(names)")

        // The third facet is the end of the second path alone.
        let facet = try rendering.render(reel(steps: 5))
        #expect(facet.steps[.facets] == 5, "\(facet)")
        #expect((facet.steps[.bands] ?? 0) < (first.steps[.bands] ?? 0) && (facet.steps[.bands] ?? 0) > 0, "\(facet)")
        #expect(rendering.warnings.value.isEmpty)
    }

    @Test func `a picture is known by its content, whatever its path`() throws {
        let rendering = Rendering()
        try FileManager.default.createDirectory(atPath: rendering.output, withIntermediateDirectories: true)
        func reel(_ path: String) throws -> Reel {
            try Rendering.reel(
                TinyReels.manifest(
                    #"{"name": "a", "steps": 4}, {"name": "picture", "image": "\#(path)"}"#, TinyReels.thesisBand))
        }
        let (one, two) = ("\(rendering.output)/one.png", "\(rendering.output)/two.png")
        let source = Rendering()
        let plain = try Rendering.reel(
            TinyReels.manifest(#"{"name": "a", "steps": 4}, {"name": "b", "steps": 4}"#, TinyReels.thesisBand))
        _ = try source.render(plain)
        let picture = try Data(contentsOf: URL(filePath: "\(source.output)/\(plain.folder)/facets/02-b.png"))
        for path in [one, two] { try picture.write(to: URL(filePath: path)) }
        let first = try rendering.render(reel(one))
        #expect(first.film != nil, "\(first)")
        let moved = try rendering.render(reel(two))
        #expect(moved.steps[.bands] == 0 && moved.steps[.facets] == 0, "\(moved)")
        #expect(try rendering.film(reel(two)).record.facets[1].source?.path == "two.png")
    }

    /// From Knuth's MMIX generator: the same damage in every run.
    private struct Numbers {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }
}
