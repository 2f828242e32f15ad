import ConvNet
import Foundation
import Testing

@testable import JobManifest
@testable import Pipeline
@testable import PipelineSupport

/// What changes a key makes its stage run again; nothing else may.
@Suite struct StageKeyTests {
    private func reel(_ change: (inout Reel) -> Void = { _ in }) throws -> Reel {
        var reel = try Rendering.reel(
            TinyReels.manifest(
                #"{"name": "a", "steps": 3}, {"name": "b", "steps": 4, "transforms": "lucid"}"#,
                #""pivots": 3, "levels": [], "steps": 2, "interpolations": 1"#))
        change(&reel)
        return reel
    }

    private func facetKey(network: String = "w", at place: Int = 0, _ change: (inout Reel) -> Void) throws -> String {
        let reel = try reel(change)
        return try StageKeys(reel: reel, networkDigest: network, perceptualLayers: ["a"]).facet(
            reel.facets[0], at: place
        ).description
    }

    private static let facets = [FacetReference(key: "x", member: 0), FacetReference(key: "y", member: 1)]

    private func pathKey(
        network: String = "w", perceptualLayers: [String] = ["a", "b"], at place: Int = 0,
        between facets: [FacetReference] = facets,
        _ change: (inout Reel) -> Void = { _ in }
    ) throws -> String {
        try StageKeys(reel: reel(change), networkDigest: network, perceptualLayers: perceptualLayers)
            .path(place, between: facets).description
    }

    @Test func `a facet's key depends on its settings and its random numbers alone`() throws {
        let key = try facetKey { _ in }
        #expect(key.count == 64 && key.allSatisfy(\.isHexDigit))
        let same: [(String, (inout Reel) -> Void)] = [
            ("its name", { $0.facets[0].name = "other" }), ("the reel's name", { $0.name = "other" }),
            ("the video", { $0.video = VideoSettings(framesPerSecond: 25, graph: false) }),
            ("the band", { $0.neb.pivots = 7 }), ("another facet", { $0.facets[1].steps = 5 }),
            ("the preset's name", { $0.preset = "draft" }),
            ("the seed said twice", { $0.facets[0].seed = $0.seed }),
        ]
        for (what, change) in same { #expect(try facetKey(change) == key, "\(what)") }
        let other: [(String, (inout Reel) -> Void)] = [
            ("steps", { $0.facets[0].steps = 5 }), ("seed", { $0.seed = 8 }), ("own seed", { $0.facets[0].seed = 9 }),
            ("unit", { $0.unit = 4 }), ("layer", { $0.layer = "block_1_add" }),
            ("size", { $0.image = ImageSettings(width: 32, height: 33) }),
            ("learning rate", { $0.facets[0].learningRate = 0.06 }),
            ("a schedule", { $0.facets[0].totalVariation = .constant(1e-5) }),
            ("objective", { $0.objective = ObjectiveSettings(kind: .neuron) }),
        ]
        var keys: Set<String> = [key]
        for (what, change) in other { #expect(keys.insert(try facetKey(change)).inserted, "\(what)") }
        #expect(keys.insert(try facetKey(network: "v") { _ in }).inserted)
        #expect(keys.insert(try facetKey(at: 1) { _ in }).inserted, "its place")
    }

    @Test func `the content of the picture that a facet starts at is part of its key, its path and digest are not`()
        throws
    {
        let reel = try reel()
        let keys = StageKeys(reel: reel, networkDigest: "w", perceptualLayers: ["a"])
        func key(_ digest: String?, isTransparent: Bool = false, from: String = "a.png") throws -> String {
            var facet = reel.facets[0]
            (facet.from, facet.sha256) = (digest.map { _ in from }, digest)
            return try keys.facet(
                facet, at: 0,
                start: digest.map { StageKeys.Picture(digest: $0, isTransparent: isTransparent) }
            ).description
        }
        #expect(try key(nil) == facetKey { _ in })
        #expect(try key("d") == key("d", from: "b.png"))
        #expect(try Set([key(nil), key("d"), key("e"), key("d", isTransparent: true)]).count == 4)
    }

    @Test func `how near a facet stays to its picture is part of its key, and of no other facet's`() throws {
        let reel = try reel()
        func key(_ nearness: Double?, until: Double? = nil, layer: String? = "a") throws -> String {
            var keys = StageKeys(reel: reel, networkDigest: "w", perceptualLayers: ["a"])
            keys.nearnessLayer = layer
            var facet = reel.facets[0]
            (facet.from, facet.nearness, facet.until) = ("a.png", nearness, until)
            return try keys.facet(facet, at: 0, start: StageKeys.Picture(digest: "d", isTransparent: false)).description
        }
        #expect(try key(nil) == key(nil, layer: "b"))
        let keys = try [
            key(nil), key(1), key(2), key(1, layer: "b"), key(1, layer: nil), key(1, until: 3), key(nil, until: 3),
        ]
        #expect(Set(keys).count == keys.count)
        let picture = StageKeys.Picture(digest: "d", isTransparent: false)
        let stage = StageKeys(reel: reel, networkDigest: "w", perceptualLayers: ["a"])
        #expect(try stage.picture(picture).description != stage.picture(picture, as: .fourier).description)
    }

    @Test func `a path's key depends on its band and its facets`() throws {
        let key = try pathKey { _ in }
        let same: [(String, (inout Reel) -> Void)] = [
            ("a facet's settings, which are in the facet's key", { $0.facets[0].steps = 9 }),
            ("the video", { $0.video.framesPerSecond = 25 }), ("the name", { $0.name = "other" }),
        ]
        for (what, change) in same { #expect(try pathKey(change) == key, "\(what)") }
        var keys: Set<String> = [key]
        let other: [(String, (inout Reel) -> Void)] = [
            ("pivots", { $0.neb.pivots = 7 }), ("learning rate", { $0.neb.learningRate = 1 }),
            ("seed", { $0.seed = 8 }), ("retiming", { $0.neb.retiming.toggle() }),
        ]
        for (what, change) in other { #expect(keys.insert(try pathKey(change)).inserted, "\(what)") }
        #expect(keys.insert(try pathKey(network: "v") { _ in }).inserted)
        #expect(keys.insert(try pathKey(perceptualLayers: ["a", "c"])).inserted, "what measures its steps")
        #expect(keys.insert(try pathKey(at: 1)).inserted, "its place")
        #expect(keys.insert(try pathKey(between: Self.facets.reversed())).inserted, "its facets")
    }

    @Test func `without transforms neither seed nor place is part of a path's key`() throws {
        let key = try pathKey { $0.neb.transforms = nil }
        #expect(
            try pathKey {
                $0.neb.transforms = nil
                $0.seed = 8
            } == key)
        #expect(try pathKey(at: 5) { $0.neb.transforms = nil } == key)
    }
}
