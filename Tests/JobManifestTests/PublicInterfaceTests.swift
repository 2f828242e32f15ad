import Foundation
import JSON
import JobManifest
import Testing

/// What the pipeline uses, without a look behind the module's public face.
@Suite struct PublicInterfaceTests {
    @Test func `another module reads, expands, encodes and describes manifests`() throws {
        let text =
            #"{"name": "n", "layer": "block_12_add", "units": "0-1", "facets": [{}, {"transforms": {"pad": 1}}]}"#
        let manifest = try ManifestReader.read(
            bytes: Array(text.utf8), file: "job.json", networks: standardNetworks)
        let reel = try #require(manifest.reels().last)
        #expect(try JSONDecoder().decode(Reel.self, from: JSONEncoder().encode(reel)) == reel)
        #expect(
            try JSONDecoder().decode(FacetSettings.self, from: JSONEncoder().encode(reel.facets[1])) == reel.facets[1])
        #expect(try canonicalJSON([reel]) == "[\(reel.canonicalJSON)]")
        #expect(JobSchema.json().hasPrefix("{"))
        if case .explicit(let transforms) = reel.facets[1].transforms {
            #expect(transforms.pad == 1)
        } else {
            Issue.record("\(reel.facets[1])")
        }
    }
}
