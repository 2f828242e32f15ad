import Foundation
import Testing

@testable import Film

/// Films are what players expect, the same bytes each time, and whole or not there.
struct VideoEncoderTests {
    /// A frame in which something moves.
    static func frame(_ index: Int, width: Int = FilmLayout.width, height: Int = FilmLayout.height) -> Bitmap {
        var frame = Bitmap(width: width, height: height, colour: (40, 60, 90))
        frame.draw(Bitmap(width: 20, height: 20, colour: (220, 180, 40)), x: 5 * index % (width - 20), y: 10)
        return frame
    }

    static func write(_ path: String, frames: Int) throws {
        let encoder = try VideoEncoder(
            path: path, width: FilmLayout.width, height: FilmLayout.height, framesPerSecond: 30,
            metadata: ["title": "test"])
        for index in 0..<frames { try encoder.append(frame(index)) }
        try encoder.finish()
    }

    @Test func `a film is H264 in yuv420p at 30 frames a second with every frame`() throws {
        try TemporaryFolder.with { folder in
            try Self.write(folder + "/a.mp4", frames: 47)
            let facts = try VideoFacts.read(path: folder + "/a.mp4")
            #expect(facts.codec == "h264" && facts.pixelFormat == "yuv420p", "\(facts)")
            #expect(facts.width == 1224 && facts.height == 504 && facts.frameCount == 47, "\(facts)")
            #expect(facts.frameRate == (30, 1), "\(facts)")
        }
    }

    @Test func `the index lies in front`() throws {
        try TemporaryFolder.with { folder in
            try Self.write(folder + "/a.mp4", frames: 5)
            let bytes = try Data(contentsOf: URL(filePath: folder + "/a.mp4"))
            let index = try #require(bytes.range(of: Data("moov".utf8)))
            let data = try #require(bytes.range(of: Data("mdat".utf8)))
            #expect(index.lowerBound < data.lowerBound)
        }
    }

    @Test func `colours are marked as bt709, and each second has a key frame`() throws {
        try TemporaryFolder.with { folder in
            try Self.write(folder + "/a.mp4", frames: 61)
            let bytes = try Data(contentsOf: URL(filePath: folder + "/a.mp4"))
            // ISO 14496-12, colour box: primaries, transfer and matrix 1 (bt709), limited range.
            #expect(bytes.range(of: Data("colrnclx".utf8) + [0, 1, 0, 1, 0, 1, 0]) != nil)
            // Sync sample box: version and flags, a count, the numbers of the key frames.
            let box = try #require(bytes.range(of: Data("stss".utf8)))
            let words = (1...4).map { word in
                bytes[(box.upperBound + 4 * word)..<(box.upperBound + 4 * word + 4)].reduce(0) { $0 << 8 | Int($1) }
            }
            #expect(words == [3, 1, 31, 61])
        }
    }

    @Test func `the same frames give the same bytes, whatever else is encoded meanwhile`() throws {
        try TemporaryFolder.with { folder in
            DispatchQueue.concurrentPerform(iterations: 4) { try? Self.write(folder + "/\($0).mp4", frames: 33) }
            let digests = try (0..<4).map { try SHA256.hexDigest(ofFile: folder + "/\($0).mp4") }
            #expect(Set(digests).count == 1, "\(digests)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 4, "nothing temporary is left")
        }
    }

    @Test(arguments: ["a:b.mp4", "pipe:1", "http:x", "with space and %d.mp4", "no-extension"])
    func `a film's name is a name, and no address`(name: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/" + name
            let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 25)
            try encoder.append(Bitmap(width: 64, height: 64, colour: (1, 2, 3)))
            try encoder.finish()
            #expect(try VideoFacts.read(path: path).frameRate == (25, 1))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
        }
    }

    @Test func `a film cut short is refused or has fewer frames`() throws {
        try TemporaryFolder.with { folder in
            try Self.write(folder + "/a.mp4", frames: 20)
            let whole = try Data(contentsOf: URL(filePath: folder + "/a.mp4"))
            for part in [0, 7, 100, whole.count / 4, whole.count / 2, whole.count - 1] {
                let path = folder + "/cut.mp4"
                try whole.prefix(part).write(to: URL(filePath: path))
                do {
                    let facts = try VideoFacts.read(path: path)
                    #expect(facts.frameCount < 20, "\(part) of \(whole.count) bytes: \(facts)")
                } catch {
                    #expect((error as? FilmError)?.place == path)
                }
            }
        }
    }

    @Test func `a film without its end leaves no file`() throws {
        try TemporaryFolder.with { folder in
            do {
                let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 64, height: 64, framesPerSecond: 30)
                try encoder.append(Bitmap(width: 64, height: 64, colour: (1, 2, 3)))
                #expect(!FileManager.default.fileExists(atPath: folder + "/a.mp4"), "not before finish")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func `what cannot be filmed is refused with a reason`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.mp4"
            for (width, height, rate) in [(63, 64, 30), (64, 63, 30), (0, 64, 30), (64, 64, 0), (64, 64, 1000)] {
                let error = #expect(throws: FilmError.self) {
                    try VideoEncoder(path: path, width: width, height: height, framesPerSecond: rate)
                }
                #expect(error?.place == path)
            }
            let error = #expect(throws: FilmError.self) {
                try VideoEncoder(path: "/nowhere/at/all.mp4", width: 64, height: 64, framesPerSecond: 30)
            }
            #expect(error?.description.contains("No such file") == true, "\(String(describing: error))")
            let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30)
            #expect(throws: FilmError.self) { try encoder.append(Bitmap(width: 32, height: 64, colour: (0, 0, 0))) }
            #expect(throws: FilmError.self) { try encoder.finish() }
            #expect(throws: FilmError.self) { try VideoFacts.read(path: folder + "/missing.mp4") }
        }
    }

    @Test func `SHA-256 has the standard's values`() throws {
        // FIPS 180-4, examples.
        #expect(SHA256.hexDigest(of: "".utf8) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hexDigest(of: "abc".utf8) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        try TemporaryFolder.with { folder in
            try Data(repeating: 97, count: 1_000_000).write(to: URL(filePath: folder + "/a"))
            #expect(
                try SHA256.hexDigest(ofFile: folder + "/a")
                    == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        }
    }
}
