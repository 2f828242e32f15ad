import Disk
import Foundation
import Testing

@testable import Film

/// What is written can be read, and appears whole or not at all.
struct PNGTests {
    static func pattern(width: Int, height: Int) -> Bitmap {
        Bitmap(
            width: width, height: height,
            pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) })
    }

    @Test(arguments: [(1, 1), (7, 5), (64, 33), (1, 300), (300, 1), (PNG.maximumSide, 1)])
    func `a picture comes back as it was written`(width: Int, height: Int) throws {
        try TemporaryFolder.with { folder in
            let picture = Self.pattern(width: width, height: height)
            try PNG.write(picture, to: folder + "/a.png")
            #expect(try PNG.read(path: folder + "/a.png") == picture)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.png"], "no temporary file is left")
        }
    }

    @Test func `the same picture gives the same bytes`() throws {
        try TemporaryFolder.with { folder in
            for name in ["a", "b"] {
                try PNG.write(Self.pattern(width: 64, height: 33), to: "\(folder)/\(name).png", text: [("Unit", "33")])
            }
            #expect(
                try SHA256.hexDigest(ofFile: folder + "/a.png") == SHA256.hexDigest(ofFile: folder + "/b.png"))
        }
    }

    @Test func `a picture replaces the one under its name`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            try PNG.write(Self.pattern(width: 64, height: 64), to: path)
            try PNG.write(Self.pattern(width: 2, height: 3), to: path)
            #expect(try PNG.read(path: path) == Self.pattern(width: 2, height: 3))
        }
    }

    @Test func `a place that cannot be written is refused by name and nothing is left`() throws {
        try TemporaryFolder.with { folder in
            let taken = folder + "/taken.png"
            try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: true)
            for path in [folder + "/missing/a.png", taken, "/nowhere/at/all/a.png"] {
                let error = #expect(throws: FilmError.self) {
                    try PNG.write(Self.pattern(width: 2, height: 2), to: path)
                }
                #expect(error?.place == path && error?.reason.isEmpty == false, "\(String(describing: error))")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken.png"])
        }
    }

    @Test func `a picture without pixels is refused by name`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/empty.png"
            let error = #expect(throws: FilmError.self) {
                try PNG.write(Bitmap(width: 0, height: 0, pixels: []), to: path)
            }
            #expect(error?.place == path)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty, "\(left)")
        }
    }
}
