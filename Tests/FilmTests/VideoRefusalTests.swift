import Foundation
import Testing

@testable import Film

/// What cannot be filmed is refused with the file's name and a reason, and leaves nothing behind.
struct VideoRefusalTests {
    static let black = Bitmap(width: 64, height: 64, color: (0, 0, 0))

    @Test(arguments: [
        (63, 64, 30), (64, 63, 30), (0, 64, 30), (64, 0, 30), (-2, 64, 30), (64, 64, 0), (64, 64, -1), (64, 64, 1000),
        (1 << 32, 64, 30), (64, 1 << 32, 30), (1 << 20, 1 << 20, 30), (64, 64, 1 << 40),
    ])
    func `a size or rate that no film has is refused`(width: Int, height: Int, rate: Int) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.mp4"
            let error = #expect(throws: FilmError.self) {
                try VideoEncoder(path: path, width: width, height: height, framesPerSecond: rate)
            }
            #expect(error?.place == path && error?.reason.isEmpty == false, "\(String(describing: error))")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty, "\(left)")
        }
    }

    @Test func `an unwritable place is refused with the system's reason`() throws {
        let path = "/nowhere/at/all.mp4"
        let error = #expect(throws: FilmError.self) {
            try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30)
        }
        #expect(error?.place == path)
        #expect(error?.description.contains("No such file") == true, "\(String(describing: error))")
    }

    @Test func `a folder under the film's name is refused and nothing is left`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.mp4"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let error = #expect(throws: FilmError.self) {
                let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30)
                try encoder.append(Self.black)
                try encoder.finish()
            }
            #expect(error?.place == path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.mp4"])
        }
    }

    @Test(arguments: [(32, 64), (64, 32), (66, 64), (1, 1)])
    func `a frame of another size is refused and the film goes on`(width: Int, height: Int) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.mp4"
            let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30)
            let error = #expect(throws: FilmError.self) {
                try encoder.append(Bitmap(width: width, height: height, color: (0, 0, 0)))
            }
            #expect(error?.reason.contains("\(width)x\(height)") == true, "\(String(describing: error))")
            try encoder.append(Self.black)
            try encoder.finish()
            #expect(try VideoFacts.read(path: path).frameCount == 1)
        }
    }

    @Test func `a film of no frames is refused and leaves no file`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.mp4"
            let error = #expect(throws: FilmError.self) {
                try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30).finish()
            }
            #expect(error?.place == path && error?.reason.contains("at least one frame") == true)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty, "\(left)")
        }
    }

    @Test func `a film given up keeps the one that was there`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.mp4"
            try Data("the film of yesterday".utf8).write(to: URL(filePath: path))
            do {
                let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30)
                try encoder.append(Self.black)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "the film of yesterday")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.mp4"])
        }
    }

    /// FFmpeg takes what stands before a colon for a protocol.
    @Test func `a relative path with a colon is a file`() throws {
        let path = "facetreel:\(UUID().uuidString).mp4"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let encoder = try VideoEncoder(path: path, width: 64, height: 64, framesPerSecond: 30)
        try encoder.append(Self.black)
        try encoder.finish()
        #expect(try VideoFacts.read(path: path).frameCount == 1)
    }

    @Test func `what is no film is refused by name`() throws {
        try TemporaryFolder.with { folder in
            try Data("no film at all".utf8).write(to: URL(filePath: folder + "/text.mp4"))
            try Data().write(to: URL(filePath: folder + "/empty.mp4"))
            for path in [folder + "/missing.mp4", folder + "/text.mp4", folder + "/empty.mp4", folder, ""] {
                let error = #expect(throws: FilmError.self, "'\(path)'") { try VideoFacts.read(path: path) }
                #expect(error?.place == path)
            }
        }
    }

    @Test func `a film cut short anywhere never traps`() throws {
        try TemporaryFolder.with { folder in
            let encoder = try VideoEncoder(path: folder + "/a.mp4", width: 64, height: 64, framesPerSecond: 30)
            for _ in 0..<3 { try encoder.append(Self.black) }
            try encoder.finish()
            let whole = try Data(contentsOf: URL(filePath: folder + "/a.mp4"))
            for length in stride(from: 0, to: whole.count, by: 7) {
                try whole.prefix(length).write(to: URL(filePath: folder + "/cut.mp4"))
                if let facts = try? VideoFacts.read(path: folder + "/cut.mp4") {
                    #expect(facts.frameCount <= 3, "\(length) of \(whole.count) bytes")
                }
            }
        }
    }
}
