import Foundation
import JSON
import Testing

@testable import JobManifest

/// Sets, pictures and objectives: what they resolve to, and that they survive being written.
@Suite struct FacetKindsTests {
    private func survives(_ job: Job) throws -> Bool {
        try JSONDecoder().decode(Job.self, from: Data(job.canonicalJSON.utf8)) == job
    }

    @Test func `a set stands for its facets and is diverse unless said`() throws {
        let set = try job(with: #""facets": [{"count": 4, "parameterization": "fourier", "transforms": "lucid"}]"#)
        #expect(set.facets.map(\.count) == [4])
        #expect(set.facets[0].diversity == 1)
        #expect(set.facets[0].names == (1...4).map { "diverse-fourier-transforms-\($0)" })
        #expect(try survives(set))
        let mixed = try job(
            with: #""facets": [{"name": "a", "count": 2, "diversity": 0.3}, {}, {"count": 2}, {}]"#)
        #expect(mixed.facets.map(\.diversity) == [0.3, 0, 1, 0])
        #expect(mixed.facets.flatMap(\.names) == ["a-1", "a-2", "naive", "diverse-1", "diverse-2", "naive-2"])
        #expect(try survives(mixed))
    }

    @Test func `a set given no name keeps clear of the others' names`() throws {
        let job = try job(with: #""facets": [{"name": "diverse-2"}, {"count": 2}]"#)
        #expect(job.facets.flatMap(\.names) == ["diverse-2", "diverse-2-1", "diverse-2-2"])
    }

    @Test func `a picture lies beside the manifest and says nothing else`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appending(path: "eye.png"))
        let text = #"{"name": "n", "layer": "block_12_add", "unit": 1, "facets": [{"image": "eye.png"}, {}]}"#
        let job = try #require(try read(text, file: folder.appending(path: "job.json").path).jobs.first)
        #expect(job.facets[0].image == folder.appending(path: "eye.png").path)
        #expect(job.facets.map(\.name) == ["image", "naive"])
        #expect(
            job.canonicalJSON.contains(#"{"image":"\#(folder.path)/eye.png","name":"image"}"#), "\(job.canonicalJSON)")
        #expect(try survives(job))
        // However the manifest was named, and wherever the folder lies: the same film.
        let detour = try #require(
            try read(text, file: "\(folder.path)/../\(folder.lastPathComponent)/job.json").jobs.first)
        #expect(detour == job)
        let moved = try #require(job.reels().first).portable
        #expect(moved.facets[0].image == "eye.png")
        var other = try #require(job.reels().first)
        other.facets[0].image = "/elsewhere/eye.png"
        #expect(other.pointersToDifferences(from: moved) == [] && other.portable == moved)
        other.facets[0].image = "/elsewhere/ear.png"
        #expect(other.pointersToDifferences(from: moved) == ["/facets/0/image"])
    }

    @Test func `a facet starts at a picture beside the manifest and has all its other settings`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appending(path: "eye.png"))
        let digest = String(repeating: "0", count: 64)
        let text = #"""
            {"name": "n", "layer": "block_12_add", "unit": 1, "facets": [
              {"from": "eye.png", "steps": 9, "sha256": "\#(digest)"},
              {"from": "eye.png", "count": 3, "parameterization": "fourier", "transforms": "lucid"}]}
            """#
        let found = try #require(try read(text, file: folder.appending(path: "job.json").path).jobs.first)
        #expect(found.facets.map(\.from) == [String](repeating: folder.appending(path: "eye.png").path, count: 2))
        #expect(found.facets.map(\.steps) == [9, 512] && found.facets.map(\.count) == [1, 3])
        #expect(found.facets.map(\.sha256) == [digest, nil] && found.facets.allSatisfy { $0.image == nil })
        #expect(found.facets.map(\.name) == ["from-picture", "diverse-fourier-transforms-from-picture"])
        #expect(try survives(found))
        let reel = try #require(found.reels().first)
        #expect(reel.portable.facets.map(\.from) == ["eye.png", "eye.png"] && reel.portable.facets[0].sha256 == nil)
        #expect(!(try job(with: #""facets": [{}, {}]"#)).canonicalJSON.contains("from"))
    }

    @Test func `a facet near a picture says how near and until when, and others say nothing of it`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appending(path: "eye.jpg"))
        let text = #"""
            {"name": "n", "layer": "block_12_add", "unit": 1, "facets": [
              {"from": "eye.jpg", "nearness": 0.5, "until": 3, "parameterization": "fourier"},
              {"from": "eye.jpg", "nearness": 0}, {"image": "eye.jpg", "parameterization": "fourier"}]}
            """#
        let found = try #require(try read(text, file: folder.appending(path: "job.json").path).jobs.first)
        #expect(found.facets.map(\.nearness) == [0.5, nil, nil] && found.facets.map(\.until) == [3, nil, nil])
        #expect(found.facets.map(\.name) == ["fourier-near-picture", "from-picture", "image"])
        #expect(found.facets.map(\.parameterization) == [.fourier, .pixel, .fourier])
        #expect(try survives(found))
        #expect(
            found.canonicalJSON.contains(
                #"{"image":"\#(folder.path)/eye.jpg","name":"image","parameterization":"fourier"}"#))
        let plain = try job(with: #""facets": [{}, {}]"#).canonicalJSON
        #expect(!plain.contains("nearness") && !plain.contains("until"))
    }

    @Test func `the preset of a photograph begins with it, and its expansion needs the key no more`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appending(path: "eye.jpg"))
        let text = #"""
            {"name": "n", "layers": ["block_12_add", "block_16_project_BN"], "unit": 1, "preset": "photograph",
             "photograph": "eye.jpg"}
            """#
        let jobs = try read(text, file: folder.appending(path: "job.json").path).jobs
        #expect(jobs.count == 2)
        let path = folder.appending(path: "eye.jpg").path
        for job in jobs {
            #expect(job.facets.map(\.picture) == [path, path, path, nil])
            #expect(job.facets[0].image == path && job.facets[1].nearness ?? 0 > job.facets[2].nearness ?? 0)
            #expect(job.neb == .standard)
            #expect(try survives(job))
            #expect(try read(job.reels()[0].canonicalJSON).jobs == [job])
        }
        #expect(jobs.map { $0.facets[3].transforms } == [.named(.lucid), .named(.narrowing)])
    }

    @Test(arguments: [
        (#""neuron""#, ObjectiveSettings(kind: .neuron)),
        (#""channel""#, .channel), (#"{"kind": "channel"}"#, .channel),
        (#""position""#, ObjectiveSettings(kind: .position)),
        (#"{"kind": "neuron", "x": 0.25}"#, ObjectiveSettings(kind: .neuron, x: 0.25)),
        (
            #"{"kind": "cosine", "weights": [{"unit": 3, "weight": -0.5}]}"#,
            ObjectiveSettings(kind: .cosine, weights: [.init(unit: 3, weight: -0.5)])
        ),
    ])
    func `objectives are read and written`(text: String, expected: ObjectiveSettings) throws {
        let job = try job(with: #""objective": \#(text)"#)
        #expect(job.objective == expected)
        #expect(try survives(job))
        #expect(job.reels().map(\.objective) == [expected])
        #expect(job.canonicalJSON.contains("objective") == (expected != .channel), "\(job.canonicalJSON)")
    }

    @Test func `colors are decorrelated where a spectrum is optimised, unless said`() throws {
        let job = try job(
            with:
                #""facets": [{}, {"parameterization": "fourier"}, {"decorrelatesColors": true}, {"parameterization": "fourier", "decorrelatesColors": false}]"#
        )
        #expect(job.facets.map(\.decorrelatesColors) == [false, true, true, false])
        #expect(job.facets.map(\.name) == ["naive", "fourier", "decorrelated", "fourier-plain-colors"])
        #expect(try survives(job))
    }
}
