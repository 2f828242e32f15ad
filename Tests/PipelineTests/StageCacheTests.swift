import ConvNet
import Disk
import Foundation
import Testing

@testable import Pipeline

@Suite struct StageCacheTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-cache-\(UInt64.random(in: 0...UInt64.max))").path
    private let warnings = Guarded<[String]>([])

    private var cache: StageCache {
        StageCache(folder: folder, limit: 5000) { [warnings] line in warnings.update { $0.append(line) } }
    }

    private func key(_ name: String) throws -> StageKey { try StageKey(of: ["stage": name]) }

    private func record(_ count: Int = 100) throws -> StageRecord {
        try StageRecord(
            ["numbers": [1.5, -0.0, 1e-300, 0.1 + 0.2]],
            [
                "floats": .floats(Tensor(shape: [count], values: (0..<count).map(Float.init))),
                "bytes": .bytes(ByteTensor(shape: [2, 3], values: [0, 1, 2, 253, 254, 255])),
            ])
    }

    private func read(_ record: StageRecord) throws -> [Float] {
        #expect(try record.decode([String: [Double]].self) == ["numbers": [1.5, -0.0, 1e-300, 0.1 + 0.2]])
        #expect(try record.bytes("bytes", shape: [2, 3]) == [0, 1, 2, 253, 254, 255])
        return try record.floats("floats", shape: [100])
    }

    private func files() -> [String] {
        (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { $0.contains("/") }.sorted()
    }

    @Test func `what is saved is there until it is removed`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try key("a")
        #expect(cache.load(key, .result, decode: read) == nil)
        cache.save(key, .result) { try record() }
        cache.save(key, .checkpoint) { try record() }
        #expect(files() == ["checkpoint", "safetensors"].map { "\(key.description.prefix(2))/\(key).\($0)" })
        #expect(cache.load(key, .result, decode: read) == (0..<100).map(Float.init))
        #expect(cache.load(try self.key("b"), .result, decode: read) == nil)
        cache.remove(key, .checkpoint)
        #expect(cache.load(key, .checkpoint, decode: read) == nil && files().count == 1)
        #expect(warnings.value.isEmpty, "\(warnings.value)")
    }

    @Test func `every damaged byte, every cut and every file under a wrong name is noticed`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try key("a")
        cache.save(key, .result) { try record() }
        let path = cache.path(key, .result)
        let good = try Data(contentsOf: URL(filePath: path))
        for index in good.indices {
            var bad = good
            bad[index] ^= 1 << UInt8(index % 8)
            try bad.write(to: URL(filePath: path))
            #expect(cache.load(key, .result, decode: read) == nil, "byte \(index) of \(good.count)")
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        for length in stride(from: 0, to: good.count, by: 37) {
            try good.prefix(length).write(to: URL(filePath: path))
            #expect(cache.load(key, .result, decode: read) == nil, "\(length) bytes")
        }
        #expect(warnings.value.count == good.count + (good.count + 36) / 37)
        #expect(warnings.value[0].contains(path) && warnings.value[0].contains("made again"), "\(warnings.value[0])")

        let other = try self.key("b")
        cache.save(other, .result) { try record() }
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: cache.path(other, .result), toPath: path)
        #expect(cache.load(key, .result, decode: read) == nil)
        #expect(warnings.value.last?.contains("another stage") == true, "\(warnings.value.last ?? "")")
    }

    @Test func `a whole file that does not fit its stage is dropped`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try key("a")
        for bad in [
            try record(99), try StageRecord(["numbers": 1], [:]), try StageRecord([1, 2], [:]),
            try StageRecord(
                ["numbers": [1.5, -0.0, 1e-300, 0.1 + 0.2]],
                ["floats": .floats(Tensor(shape: [100], values: [Float](repeating: .nan, count: 100)))]),
        ] {
            cache.save(key, .checkpoint) { bad }
            let found = cache.load(key, .checkpoint) { record in
                _ = try record.decode([String: [Double]].self)
                return try record.floats("floats", shape: [100])
            }
            #expect(found == nil && files().isEmpty)
        }
        #expect(warnings.value.count == 4, "\(warnings.value)")
    }

    @Test func `what has not been used for longest goes first`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let keys = try (0..<8).map { try key("\($0)") }
        for key in keys {
            cache.save(key, .result) { try record(200) }
            usleep(20_000)
        }
        let size = cache.contents.bytes / 8
        #expect(cache.contents.results == 8 && size > 800, "\(cache.contents)")
        // A hit is a use.
        _ = cache.load(keys[0], .result) { _ in true }
        cache.trim()
        let left = keys.map { FileManager.default.fileExists(atPath: cache.path($0, .result)) }
        let count = 5000 / size
        #expect(left == (0..<8).map { $0 == 0 || $0 > 8 - count }, "\(left) of \(size) bytes each")
        #expect(cache.contents.bytes <= 5000)
        #expect(cache.prune(unusedSince: 0).removed == StageCache.Contents())
        let gone = cache.prune(unusedSince: Date().timeIntervalSince1970 + 10).removed
        #expect(gone.results == count && files().isEmpty)
    }

    @Test func `leftovers of dead writers are swept, and those of living ones are not`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: "\(folder)/ab", withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(filePath: "\(folder)/ab/.partial-dead"))
        try Data("mine".utf8).write(to: URL(filePath: "\(folder)/ab/notes.txt"))
        let living = try UnfinishedFile(for: "\(folder)/ab/done")
        cache.sweep()
        #expect(files().count == 2 && !files().contains("ab/.partial-dead"), "\(files())")
        try living.publish()
        #expect(files() == ["ab/done", "ab/notes.txt"])
    }

    @Test func `a cache that cannot be written warns once and does no harm`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A file where the folder should be.
        try Data().write(to: URL(filePath: folder))
        let cache = cache
        for name in ["a", "b"] { cache.save(try key(name), .result) { try record() } }
        #expect(cache.load(try key("a"), .result, decode: read) == nil)
        #expect(warnings.value.count == 1, "\(warnings.value)")
        #expect(cache.contents == StageCache.Contents() && cache.verify().removed == 0)
        cache.trim()
        cache.sweep()
    }

    @Test func `verifying removes damaged files alone`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let keys = try (0..<3).map { try key("\($0)") }
        for key in keys { cache.save(key, key == keys[0] ? .checkpoint : .result) { try record() } }
        let path = cache.path(keys[1], .result)
        var data = try Data(contentsOf: URL(filePath: path))
        data[data.count - 1] ^= 1
        try data.write(to: URL(filePath: path))
        #expect(cache.verify().removed == 1)
        #expect(cache.contents.results == 1 && cache.contents.checkpoints == 1)
        #expect(warnings.value.count == 1 && cache.verify().removed == 0)
    }
}
