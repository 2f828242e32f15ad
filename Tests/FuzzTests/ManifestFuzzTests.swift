import ConvNet
import Foundation
import JSON
import Testing

@testable import JobManifest
@testable import Pipeline
@testable import PipelineSupport

/// Whatever a manifest is, its reader answers with films, or with faults and their places.
struct ManifestFuzzTests {
    private struct Manifest {
        let bytes: [UInt8]
        let value: JSONValue
    }

    /// All manifests of Jobs/.
    private static func manifests() throws -> [Manifest] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Jobs").path
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name -> [Manifest] in
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            let value = try JSONDecoder().decode(JSONValue.self, from: data)
            // Also with everything spelt out.
            let whole = try ManifestReader.read(
                bytes: Array(data), file: "\(folder)/\(name)", networks: Rendering.provider)
            let first = whole.jobs[0].json
            return [
                Manifest(bytes: Array(data), value: value),
                Manifest(bytes: Array(first.readableText.utf8), value: first),
            ]
        }
    }

    @Test func `a manifest of any bytes is read, or refused with places`() throws {
        let manifests = try Self.manifests()
        #expect(manifests.count >= 12)
        let others = manifests.map(\.bytes)
        let damage = JSONDamage(manifests.map(\.value))
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("facetreel-fuzz-manifest-\(UInt64.random(in: 0...UInt64.max)).json").path
        defer { unlink(scratch) }
        var valid = 0
        Fuzz.run("manifests", short: 2000, long: 200_000) { number, random in
            let manifest = random.pick(manifests)
            let bytes =
                random.isOne(in: 2)
                ? Damage.damaged(manifest.bytes, others: others, &random)
                : damage.damaged(manifest.value, &random)
            switch read(bytes) {
            case .success(let manifest):
                valid += 1
                try check(manifest, bytes)
            case .failure(let errors): try check(errors, bytes)
            }
            if number % 1000 == 0 { try checkFile(bytes, scratch) }
        }
        print("\(valid) were manifests")
    }

    private func read(_ bytes: [UInt8]) -> Result<JobManifest.Manifest, ManifestErrors> {
        Result { () throws(ManifestErrors) in
            try ManifestReader.read(bytes: bytes, file: "job.json", networks: Rendering.provider)
        }
    }

    /// The films of a manifest are as many as are allowed, in folders of their own, and their texts say the same again.
    private func check(_ manifest: JobManifest.Manifest, _ bytes: [UInt8]) throws {
        let reels = manifest.reels()
        guard (1...ManifestReader.greatestReelCount).contains(reels.count) else {
            throw Fuzz.Finding("\(reels.count) films of \(Self.text(bytes))")
        }
        let sample = reels.count > 100 ? [reels[0], reels[reels.count - 1]] : reels
        for reel in sample.prefix(4) {
            let again = try JSONDecoder().decode(Reel.self, from: JSONEncoder().encode(reel))
            guard again == reel, again.canonicalJSON == reel.canonicalJSON else {
                throw Fuzz.Finding("\(reel.canonicalJSON) is read back as \(again.canonicalJSON)")
            }
            // Two dots within a name lead nowhere else.
            let parts = reel.folder.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, !parts.contains(where: { ["", ".", ".."].contains($0) }),
                !reel.folder.utf8.contains(0)
            else { throw Fuzz.Finding("the folder \(reel.folder)") }
        }
    }

    /// Every fault has a place in the text.
    private func check(_ errors: ManifestErrors, _ bytes: [UInt8]) throws {
        guard !errors.diagnostics.isEmpty else { throw Fuzz.Finding("refused without a fault: \(Self.text(bytes))") }
        let lines = 1 + bytes.count { $0 == UInt8(ascii: "\n") }
        for fault in errors.diagnostics {
            guard (1...lines).contains(fault.line), (1...bytes.count + 1).contains(fault.column),
                !fault.message.isEmpty, fault.message.utf8.count < 4000
            else { throw Fuzz.Finding("\(fault) of \(Self.text(bytes))") }
        }
    }

    private func checkFile(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
        do throws(ManifestSet.Faults) {
            _ = try ManifestSet(paths: [path], networks: Rendering.networks).reels
        } catch {
            guard !error.lines.isEmpty else { throw Fuzz.Finding("a file is refused without a word") }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(3000), as: UTF8.self) }
}
