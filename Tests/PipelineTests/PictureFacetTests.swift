import ConvNet
import Disk
import Film
import Foundation
import Testing

@testable import JobManifest
@testable import Pipeline
@testable import PipelineSupport

/// Facets that are pictures from elsewhere.
@Suite struct PictureFacetTests {
    private static let band = #""pivots": 2, "levels": [], "steps": 1, "interpolations": 0"#

    @Test func `only what is transparent changes the key of a picture`() throws {
        let reel = try Rendering.reel(
            #"{"name": "pets", "layer": "block_4_add", "unit": 6, "image": {"size": 64}}"#)
        let keys = StageKeys(reel: reel, networkDigest: "w", perceptualLayers: [])
        let digest = "1d35c205abcfc0603cdf3e3cb4f96506feee2133fe0d3b6665bda8dad79f75ef"
        #expect(
            try keys.picture(.init(digest: digest, isTransparent: false)).description
                == StageKeys(reel: reel, networkDigest: "w", perceptualLayers: []).picture(
                    .init(digest: digest, isTransparent: false)
                ).description)
        #expect(
            try keys.picture(.init(digest: digest, isTransparent: true)).description
                != keys.picture(.init(digest: digest, isTransparent: false)).description)
    }

    @Test(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a picture that is not the one that was meant fails its film, with both digests and a remedy`() throws {
        let rendering = Rendering()
        try Folder.make(rendering.output)
        let path = "\(rendering.output)/a.png"
        try PNG.write(Bitmap(width: 32, height: 32, color: (9, 99, 199)), to: path)
        let digest = try SHA256.hexDigest(ofFile: path)
        var reel = try Rendering.reel(
            TinyReels.manifest(#"{"name": "a", "steps": 1}, {"name": "b", "steps": 1}"#, Self.band))
        reel.facets[0] = FacetSettings(name: "a", image: path, sha256: String(repeating: "0", count: 64))
        let failure = try #require(try rendering.render(reel).failure)
        for part in ["facet a: \(path): ", String(digest.prefix(12)), "says 000000000000", "remove \"sha256\""] {
            #expect(failure.contains(part), "\(part): \(failure)")
        }
        reel.facets[0].sha256 = digest
        let film = try #require(try rendering.render(reel).film)
        let said = try Data(contentsOf: URL(filePath: film))
        reel.facets[0].sha256 = nil
        #expect(try rendering.render(reel, cached: false).film == film)
        #expect(try Data(contentsOf: URL(filePath: film)) == said, "a digest makes no other film")
    }
}
