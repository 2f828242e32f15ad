import Disk
import Foundation
import Testing

@testable import Film

/// Films are what players expect, the same bytes each time, and whole or not there.
struct VideoEncoderTests {
    /// A frame in which something moves.
    static func frame(_ index: Int, width: Int = FilmLayout.width, height: Int = FilmLayout.height) -> Bitmap {
        var frame = Bitmap(width: width, height: height, color: (40, 60, 90))
        frame.draw(Bitmap(width: 20, height: 20, color: (220, 180, 40)), x: 5 * index % (width - 20), y: 10)
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

    /// The names of a file's outermost boxes, in order (ISO 14496-12, 4.2).
    static func boxes(of path: String) throws -> [String] {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var (names, position): ([String], Int) = ([], 0)
        while position < bytes.count {
            try #require(position + 8 <= bytes.count)
            let size = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            try #require(size >= 8 && position + size <= bytes.count)
            names.append(String(decoding: bytes[position + 4..<position + 8], as: UTF8.self))
            position += size
        }
        return names
    }

    @Test func `the index lies in front so that a film starts while it loads`() throws {
        try TemporaryFolder.with { folder in
            try Self.write(folder + "/a.mp4", frames: 5)
            let boxes = try Self.boxes(of: folder + "/a.mp4")
            let index = try #require(boxes.firstIndex(of: "moov"))
            let data = try #require(boxes.firstIndex(of: "mdat"))
            #expect(boxes.first == "ftyp" && index < data, "\(boxes)")
        }
    }

    /// x264 is a stranger's code: what it reads without having written it shows here.
    @Test func `a film does not depend on what its memory held before`() throws {
        // Everything moves a little, as in a film of images that turn into each other.
        let frames = (0..<40).map { index in
            var frame = Bitmap(width: FilmLayout.width, height: FilmLayout.height, color: (0, 0, 0))
            for place in frame.pixels.indices {
                let (x, y) = (Double(place / 3 % FilmLayout.width), Double(place / 3 / FilmLayout.width))
                let phase = Double(index) / 20 + Double(place % 3)
                frame.pixels[place] = UInt8(127 + 60 * sin(x / 7 + phase) + 60 * cos(y / 9 - x / 31 + 2 * phase))
            }
            return frame
        }
        try TemporaryFolder.with { folder in
            // glibc fills what it hands out with this byte's complement.
            let symbol = try #require(dlsym(nil, "mallopt"))
            let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
            defer { _ = mallopt(Self.perturbation, 0) }
            for byte in [85, 200] {
                _ = mallopt(Self.perturbation, Int32(byte))
                let encoder = try VideoEncoder(
                    path: "\(folder)/\(byte).mp4", width: FilmLayout.width, height: FilmLayout.height,
                    framesPerSecond: 30)
                for frame in frames { try encoder.append(frame) }
                try encoder.finish()
            }
            let digests = Set(try [85, 200].map { try SHA256.hexDigest(ofFile: "\(folder)/\($0).mp4") })
            #expect(digests.count == 1)
        }
    }

    /// M_PERTURB, which Swift does not see.
    private static let perturbation: Int32 = -6

    @Test func `the same frames give the same bytes`() throws {
        try TemporaryFolder.with { folder in
            try Self.write(folder + "/a.mp4", frames: 33)
            try Self.write(folder + "/b.mp4", frames: 33)
            #expect(try SHA256.hexDigest(ofFile: folder + "/a.mp4") == SHA256.hexDigest(ofFile: folder + "/b.mp4"))
        }
    }

    @Test(arguments: [1, 2, 31]) func `a film has as many frames as were given, however few`(count: Int) throws {
        try TemporaryFolder.with { folder in
            let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 62, height: 34, framesPerSecond: 24)
            for index in 0..<count { try encoder.append(Self.frame(index, width: 62, height: 34)) }
            try encoder.finish()
            let facts = try VideoFacts.read(path: folder + "/a.mp4")
            #expect(facts.frameCount == count && facts.frameRate == (24, 1), "\(facts)")
            #expect(facts.width == 62 && facts.height == 34, "\(facts)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.mp4"])
        }
    }

    @Test func `one film's bytes do not depend on another made at the same time`() throws {
        try TemporaryFolder.with { folder in
            DispatchQueue.concurrentPerform(iterations: 4) { index in
                _ = try? Self.write("\(folder)/\(index).mp4", frames: 9)
            }
            let digests = Set(try (0..<4).map { try SHA256.hexDigest(ofFile: "\(folder)/\($0).mp4") })
            #expect(digests.count == 1)
        }
    }

    @Test func `a film without its end leaves no file`() throws {
        try TemporaryFolder.with { folder in
            do {
                let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 64, height: 64, framesPerSecond: 30)
                try encoder.append(Bitmap(width: 64, height: 64, color: (1, 2, 3)))
                #expect(!FileManager.default.fileExists(atPath: folder + "/a.mp4"), "not before finish")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty, "\(left)")
        }
    }

    @Test func `colors are marked as bt709, and each second has a key frame`() throws {
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

    @Test(arguments: ["a:b.mp4", "pipe:1", "http:x", "with space and %d.mp4", "no-extension"])
    func `a film's name is a name, and no address`(name: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/" + name
            let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 25)
            try encoder.append(Bitmap(width: 64, height: 64, color: (1, 2, 3)))
            try encoder.finish()
            #expect(try VideoFacts.read(path: path).frameRate == (25, 1))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
        }
    }
}
