import Foundation
import JSON
import Testing

@testable import JobManifest

@Suite struct CanonicalJSONTests {
    /// A manifest that says everything that can be said.
    static let complete = """
        {"jobs": [{"name": "a", "layer": ["block_12_add", "block_9_project_BN"], "units": [5, 1], "seed": 18446744073709551615,
          "image": {"width": 96, "height": 64}, "preset": "thesis",
          "facets": [
            {"l1": {"schedule": "piecewise", "points": [{"at": 0, "value": 1e-5}, {"at": 1, "value": 0}]}, "seed": 9},
            {"totalVariation": {"schedule": "cosine", "from": 0.1, "to": 0}, "learningRate": 0.1, "steps": 3},
            {"gaussianBlur": {"sigma": {"schedule": "linear", "from": 2, "to": 0.3}}, "optimizer": "sign"},
            {"bilateralFilter": {"kernel": 5}, "transforms": {"pad": 9, "scales": [0.975, 1], "angles": [-3, 2.5]}},
            {"parameterization": "fourier", "transforms": "distill"}, {"transforms": "thesis"}],
          "neb": {"pivots": 1, "interpolations": 0, "steps": 0, "refinementSteps": 0, "learningRate": 1e-7, "totalVariation": 0, "freezing": 0.5,
            "transforms": {"jitter": 2}, "tangent": "none", "smoothing": 3, "stop": "stepLimit"},
          "video": {"framesPerSecond": 1, "graph": false}},
         {"name": "b", "layer": "projection", "units": "all"}]}
        """

    @Test func `the canonical text of a manifest is a manifest of the same jobs`() throws {
        for text in [Self.complete, designExample] {
            let manifest = try read(text)
            #expect(try read(manifest.readableJSON) == manifest)
            #expect(try read(manifest.readableJSON).readableJSON == manifest.readableJSON)
        }
    }

    @Test func `the canonical text of a reel is a manifest of that reel`() throws {
        for reel in try read(Self.complete).reels().prefix(20) {
            #expect(try read(reel.canonicalJSON).reels() == [reel])
        }
    }

    @Test func `settings pass through Codable in the manifest's own form`() throws {
        let manifest = try read(Self.complete)
        for job in manifest.jobs {
            let data = try JSONEncoder().encode(job)
            #expect(try JSONDecoder().decode(Job.self, from: data) == job)
        }
        let reel = manifest.reels()[3]
        let data = try JSONEncoder().encode(reel)
        #expect(try JSONDecoder().decode(Reel.self, from: data) == reel)
        #expect(try read(String(decoding: data, as: UTF8.self)).reels() == [reel])
    }

    @Test func `a decoder refuses what the manifest's reader refuses, with its place`() throws {
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(NEBSettings.self, from: Data(#"{"pivots": 0}"#.utf8))
        }
        #expect("\(error)".contains("/pivots: expected an integer from 1 to 200, found 0"), "\(error)")
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                Job.self, from: Data(#"{"name": "n", "layer": "projection", "units": "all"}"#.utf8))
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Reel.self, from: Data(#"{"name": "n", "layer": "a", "units": [1, 2]}"#.utf8))
        }
    }

    @Test func `a decoder with more errors than are listed still refuses`() {
        let keys = (0..<2000).map { "\"k\($0)\": 0, " }.joined()
        #expect(throws: DecodingError.self) {
            let text = "{\(keys)\"name\": \"n\", \"layer\": \"projection\", \"units\": \"all\"}"
            return try JSONDecoder().decode(Reel.self, from: Data(text.utf8))
        }
    }

    @Test func `the canonical text stays what it is`() throws {
        // Keys of stored results depend on it: a change here makes every user render everything again.
        let reel = try read(
            #"{"name": "n", "layer": "block_12_add", "unit": 1, "preset": "thesis", "facets": [{}, {"totalVariation": 3e-5}], "image": {"size": 64}}"#
        ).reels()[0]
        let naive = #"{"learningRate":0.05,"name":"naive","optimizer":"adam","parameterization":"pixel","steps":512}"#
        let smooth =
            #"{"learningRate":0.05,"name":"total-variation","optimizer":"adam","parameterization":"pixel","steps":512,"totalVariation":3e-05}"#
        let neb =
            #"{"climbingSteps":0,"extraSteps":0,"interpolations":3,"learningRate":0.002,"levels":[],"mix":"linear","optimizer":"plain","pivots":20,"refinementSteps":100,"retiming":false,"smoothing":0,"space":"pixel","stepControl":false,"steps":500,"stop":"reachedEnds","tangent":"lower","totalVariation":5e-05,"transforms":"none","transformsPerStep":1}"#
        #expect(
            reel.canonicalJSON
                == #"{"facets":[\#(naive),\#(smooth)],"image":{"height":64,"width":64},"layer":"block_12_add","name":"n","neb":\#(neb),"preset":"thesis","seed":0,"unit":1,"video":{"framesPerSecond":30,"graph":true}}"#
        )
    }

    @Test func `two ways of saying the same have the same canonical text`() throws {
        let first = try job(with: #""image": {"size": 64}, "neb": {"learningRate": 2e-2}, "seed": 1"#)
        let second = try job(
            with:
                #""seed": 1e0, "preset": "standard", "neb": {"pivots": 19, "learningRate": 0.020}, "image": {"height": 64, "width": 64}"#
        )
        #expect(first.canonicalJSON == second.canonicalJSON)
    }

    @Test func `anything encodable has a canonical text`() throws {
        struct Stage: Encodable {
            let weights = "a/\"b\"\u{1}é"
            let engine: String? = nil
            let facet = FacetSettings(name: "naive")
            let numbers: [Double] = [0.1, 1, -0.0, 1e300, .leastNonzeroMagnitude, 0x1p53, 1e17, 1e19, 1e20]
            let counts: [UInt64] = [0, .max]
            let float: Float = 0.1
            let isDone = true
        }
        #expect(
            try canonicalJSON(Stage())
                == #"{"counts":[0,18446744073709551615],"facet":{"learningRate":0.05,"name":"naive","optimizer":"adam","parameterization":"pixel","steps":512},"float":0.1,"isDone":true,"numbers":[0.1,1,0,1e+300,5e-324,9007199254740992,100000000000000000,10000000000000000000,1e+20],"weights":"a/\"b\"\u0001é"}"#
        )
        #expect(try canonicalJSON(NEBSettings(preset: .default)) == NEBSettings(preset: .default).canonicalJSON)
        #expect(throws: EncodingError.self) { try canonicalJSON([Double.nan]) }
    }

    @Test func `literals read back as the same double`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(Double(JSONValue.number(value).canonicalText) == value, "\(value)")
        }
    }
}
