import Foundation
import Testing

@testable import Film

/// PNG files: what is written can be read, and what comes from elsewhere is never trusted.
struct PNGTests {
    /// Tiny files made with Python's zlib and struct.
    static let samples: [String: String] = [
        "grey8": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgOAEAAMsAyWnIw2wAAAAASUVORK5CYII=",
        "grey16": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgYDhxAgACXQGRjuaOxAAAAABJRU5ErkJggg==",
        "palette":
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEUKFB4oMjzVG7TpAAAAC0lEQVR4nGNgZAAAAAUAAtFmM3gAAAAASUVORK5CYII=",
        "rgba": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGNgZGJmYGFl+w8AAVsBFbp8cSsAAAAASUVORK5CYII=",
        "rgb":
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNgZGJmYWVjYOfg5OLmAQABjwBPBHStvQAAAABJRU5ErkJggg==",
        "huge": "iVBORw0KGgoAAAANSUhEUnc1lAB3NZQACAIAAADUQvNxAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElFTkSuQmCC",
        "interlaced":
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAYAAAHTtZNfAAAAGUlEQVR4nGNgZFRQ+P+/gYEhJeXECQYgAAAwrgUZ1joMWgAAAABJRU5ErkJggg==",
        "greyAlpha": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGNgZ/j1HwADFAIBT+VqMwAAAABJRU5ErkJggg==",
        "bits":
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQAAAADcWUInAAAAAnRSTlMAAHaTzTgAAAAKSURBVHicY3AAAABCAEEpN/TvAAAAAElFTkSuQmCC",
        "wide": "iVBORw0KGgoAAAANSUhEUgAAIygAAAABCAIAAAA8QZISAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElFTkSuQmCC",
        "many": "iVBORw0KGgoAAAANSUhEUgAAIAAAACAACAIAAAD9yF0OAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElFTkSuQmCC",
        "short": "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAADElEQVR4nGNgoD0AAABkAAGGZDw1AAAAAElFTkSuQmCC",
        "empty": "iVBORw0KGgoAAAANSUhEUgAAAAAAAAAFCAIAAADkJHr2AAAAAElFTkSuQmCC",
    ]

    static func sample(_ name: String) throws -> Data {
        let text = try #require(samples[name])
        return try #require(Data(base64Encoded: text))
    }

    static func pattern(width: Int, height: Int) -> Bitmap {
        Bitmap(
            width: width, height: height,
            pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) })
    }

    @Test(arguments: [(1, 1), (7, 5), (64, 33)]) func `a picture comes back as it was written`(width: Int, height: Int)
        throws
    {
        try TemporaryFolder.with { folder in
            let picture = Self.pattern(width: width, height: height)
            try PNG.write(picture, to: folder + "/a.png")
            #expect(try PNG.read(path: folder + "/a.png") == picture)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.png"], "no temporary file is left")
        }
    }

    @Test func `text chunks are in the file`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            let picture = Self.pattern(width: 4, height: 4)
            try PNG.write(
                picture, to: path,
                text: [("Layer", "block_12_add"), ("Unit", "33"), ("Facet", "Größe"), ("Note", "目 eye"), ("Empty", "")])
            let bytes = try Data(contentsOf: URL(filePath: path))
            let latin = Data("Gr".utf8) + [0xF6, 0xDF] + Data("e".utf8)
            for chunk in [
                Data("tEXtLayer\0block_12_add".utf8), Data("tEXtUnit\0".utf8) + Data("33".utf8),
                Data("tEXtFacet\0".utf8) + latin, Data("iTXtNote\0\0\0\0\0目 eye".utf8), Data("tEXtEmpty\0".utf8),
            ] {
                #expect(bytes.range(of: chunk) != nil, "\(String(decoding: chunk, as: UTF8.self))")
            }
            #expect(try PNG.read(path: path) == picture)
        }
    }

    @Test(arguments: [
        ("", "text"), (String(repeating: "k", count: 80), "text"), ("Schlüssel 目", "text"), ("two\0parts", "text"),
        ("Key", "two\0parts"),
    ]) func `a text chunk that PNG cannot hold is refused and no file is left`(keyword: String, text: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            let error = #expect(throws: FilmError.self) {
                try PNG.write(Self.pattern(width: 2, height: 2), to: path, text: [(keyword, text)])
            }
            #expect(error?.place == path)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.isEmpty)
        }
    }

    @Test func `the same picture gives the same bytes and takes the place of an older one`() throws {
        try TemporaryFolder.with { folder in
            try Data("old".utf8).write(to: URL(filePath: folder + "/a.png"))
            for name in ["a", "b"] {
                try PNG.write(Self.pattern(width: 31, height: 9), to: folder + "/\(name).png", text: [("Unit", "1")])
            }
            let digests = try ["a", "b"].map { try SHA256.hexDigest(ofFile: folder + "/\($0).png") }
            #expect(digests[0] == digests[1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.png", "b.png"])
        }
    }

    @Test(
        arguments: [
            ("grey8", [0, 0, 0, 200, 200, 200]), ("grey16", [0, 0, 0, 200, 200, 200]),
            ("palette", [40, 50, 60, 10, 20, 30]),
            ("rgba", [1, 2, 3, 4, 5, 6]), ("interlaced", [1, 32, 255, 100, 200, 0]),
            ("greyAlpha", [7, 7, 7, 250, 250, 250]), ("bits", [0, 0, 0, 255, 255, 255]),
        ] as [(String, [UInt8])])
    func `other kinds of PNG become RGB of 8 bits`(name: String, pixels: [UInt8]) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            try Self.sample(name).write(to: URL(filePath: path))
            let bitmap = try PNG.read(path: path)
            #expect(bitmap.width == 2 && bitmap.height == 1)
            #expect(bitmap.pixels == pixels, "\(bitmap.pixels)")
        }
    }

    @Test(arguments: [
        ("huge", "2000000000x2000000000"), ("wide", "9000x1"), ("many", "8192x8192"), ("empty", "Invalid IHDR"),
        ("short", "Not enough image data"),
    ]) func `absurd sizes and missing rows are refused by the file's name`(name: String, reason: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/\(name).png"
            try Self.sample(name).write(to: URL(filePath: path))
            let error = #expect(throws: FilmError.self) { try PNG.read(path: path) }
            #expect(error?.place == path)
            #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: ["rgb", "interlaced", "palette"]) func `a file cut short anywhere is refused`(name: String) throws
    {
        try TemporaryFolder.with { folder in
            let whole = try Self.sample(name)
            let path = folder + "/cut.png"
            for length in 0..<whole.count {
                try whole.prefix(length).write(to: URL(filePath: path))
                let error = #expect(throws: FilmError.self, "\(length) of \(whole.count) bytes") {
                    try PNG.read(path: path)
                }
                #expect(error?.place == path)
            }
        }
    }

    @Test func `flipped bits never trap`() throws {
        try TemporaryFolder.with { folder in
            let whole = try Self.sample("rgb")
            var refused = 0
            for bit in 0..<whole.count * 8 {
                var bytes = whole
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                let path = folder + "/flip.png"
                try bytes.write(to: URL(filePath: path))
                do { _ = try PNG.read(path: path) } catch { refused += 1 }
            }
            #expect(refused > whole.count * 6, "\(refused) of \(whole.count * 8) flips refused")
        }
    }

    @Test func `what is no PNG or no file is refused by name`() throws {
        try TemporaryFolder.with { folder in
            try Data("GIF89a, surely".utf8).write(to: URL(filePath: folder + "/a.png"))
            #expect(mkfifo(folder + "/pipe.png", 0o600) == 0)
            for path in [
                folder + "/a.png", folder + "/missing.png", folder, folder + "/pipe.png", "/dev/zero", "",
                folder + "/a.png\0.png",
            ] {
                let error = #expect(throws: FilmError.self) { try PNG.read(path: path) }
                #expect(error?.description.hasPrefix(path) == true)
            }
        }
    }

    @Test func `a folder that is not there is named when writing`() throws {
        let error = #expect(throws: FilmError.self) {
            try PNG.write(Self.pattern(width: 2, height: 2), to: "/nowhere/at/all/a.png")
        }
        #expect(error?.place == "/nowhere/at/all/a.png")
    }
}
