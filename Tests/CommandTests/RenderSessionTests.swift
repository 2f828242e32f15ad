import Foundation
import JobManifest
import Testing

@testable import Cluster
@testable import Pipeline
@testable import PipelineSupport
@testable import facetreel

/// What `render` composes, made by itself: without options, signals or exit statuses.
@Suite(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct RenderSessionTests {
    private func session(_ rendering: Rendering, said: Guarded<[String]>, shard: String? = nil) throws -> RenderSession
    {
        let reels = try (1...2).map { unit in
            var reel = try Rendering.reel(
                TinyReels.manifest(#"{"name": "a", "steps": 2}, {"name": "b", "steps": 2}"#, TinyReels.thesisBand))
            reel.unit = unit
            return reel
        }
        return RenderSession(
            films: reels, networks: Rendering.networks, output: rendering.output,
            manifests: ["m.json"], shard: try shard.map { try Shard($0) }, batch: shard.map { _ in "night" },
            workers: 2,
            say: { line in said.update { $0.append(line) } })
    }

    @Test func `a session leaves films, a plan, a report and pages, and renders nothing twice`() throws {
        let (rendering, said) = (Rendering(), Guarded<[String]>([]))
        let session = try session(rendering, said: said)
        let first = session.render()
        #expect(first.counts.rendered == 2, "\(first.counts)")
        for name in ["report.json", "junit.xml", "index.html"] {
            #expect(FileManager.default.fileExists(atPath: "\(rendering.output)/\(name)"), "\(name)")
        }
        #expect(OutputStatus(output: rendering.output).total.done == 2)
        #expect(session.render().counts.upToDate == 2)
        #expect(try session.dryRun(isJSON: false).plan.reelsToRender.isEmpty)
        #expect(said.value == [])
    }

    @Test func `shards make their own films and reports, and leave the pages to others`() throws {
        let (rendering, said) = (Rendering(), Guarded<[String]>([]))
        for shard in ["0/2", "1/2"] {
            #expect(try session(rendering, said: said, shard: shard).render().counts.rendered == 1)
        }
        #expect(try BatchReport.merged(in: rendering.output, batch: "night").counts.rendered == 2)
        #expect(!FileManager.default.fileExists(atPath: "\(rendering.output)/index.html"))
        #expect(said.value == [])
    }

    @Test func `what cannot be kept is said and keeps no film from being tried`() throws {
        let (rendering, said) = (Rendering(), Guarded<[String]>([]))
        try Data("a file in the folder's place".utf8).write(to: URL(filePath: rendering.output))
        let result = try session(rendering, said: said).render()
        #expect(result.counts.failed + result.counts.left == 2, "\(result.counts)")
        #expect(said.value.contains { $0.contains("`facetreel status` will not know of this run") }, "\(said.value)")
        #expect(said.value.contains { $0.contains("no report of this run") }, "\(said.value)")
    }
}
