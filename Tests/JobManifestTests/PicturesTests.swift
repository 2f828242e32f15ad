import Foundation
import JSON
import Testing

@testable import JobManifest

/// Folders of photographs that films are held against.
@Suite struct PicturesTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")

    private func reading(_ more: String) throws -> (job: Job?, messages: [String]) {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "photos"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appending(path: "file.jpg"))
        let text = #"{"name": "n", "layer": "block_12_add", "unit": 1, \#(more)}"#
        do throws(ManifestErrors) {
            return (try read(text, file: folder.appending(path: "job.json").path).jobs.first, [])
        } catch {
            return (nil, error.diagnostics.map { "\($0)" })
        }
    }

    @Test func `a folder lies beside the manifest, and may be kept off the pages`() throws {
        let plain = try #require(try reading(#""pictures": "photos""#).job)
        #expect(plain.pictures?.folder.hasSuffix("/photos") == true && plain.pictures?.shown == true)
        #expect(plain.trust && !plain.transparentFacets)
        let hidden = try #require(try reading(#""pictures": {"folder": "photos/", "shown": false}"#).job)
        #expect(hidden.pictures?.shown == false)
        for job in [plain, hidden] {
            #expect(try JSONDecoder().decode(Job.self, from: Data(job.canonicalJSON.utf8)) == job)
            let portable = try #require(job.reels().first).portable
            #expect(portable.pictures?.folder == "photos", "the same film wherever the folder lies")
        }
        let none = try #require(try reading(#""seed": 1"#).job)
        #expect(
            none.pictures == nil && !none.canonicalJSON.contains("trust") && !none.canonicalJSON.contains("pictures"))
    }

    @Test(arguments: [
        (#""pictures": "nowhere""#, "found nothing at"), (#""pictures": "file.jpg""#, "found a file at"),
        (#""pictures": {"shown": false}"#, "folder"), (#""pictures": 3"#, "expected"),
        (#""pictures": "photos", "trust": false"#, "which only the report looks at"),
        (#""pictures": {"folder": "photos", "show": true}"#, "shown"), (#""transparentFacets": 1"#, "expected"),
    ])
    func `what cannot be meant is said, with its place`(more: String, expected: String) throws {
        let messages = try reading(more).messages
        #expect(messages.count == 1 && messages[0].contains(expected), "\(messages)")
    }
}
