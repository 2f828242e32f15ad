import Foundation
import Testing

@testable import Film

/// Every kind of PNG that other programs write is read as RGB of 8 bits.
struct PNGKindsTests {
    /// Pictures of 2 x 1 pixels and what they hold; made with Python's zlib and struct, chunk by chunk, from the PNG
    /// specification.
    static let kinds: [(name: String, base64: String, pixels: [UInt8])] = [
        (
            "grey 8 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgOAEAAMsAyWnIw2wAAAAASUVORK5CYII=",
            [0, 0, 0, 200, 200, 200]
        ),
        (
            "grey 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNgYDhxAgACXQGRjuaOxAAAAABJRU5ErkJggg==",
            [0, 0, 0, 200, 200, 200]
        ),
        (
            "palette of 8 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEUKFB4oMjzVG7TpAAAAC0lEQVR4nGNgZAAAAAUAAtFmM3gAAAAASUVORK5CYII=",
            [40, 50, 60, 10, 20, 30]
        ),
        (
            "RGB and alpha",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGNgZGJmYGFl+w8AAVsBFbp8cSsAAAAASUVORK5CYII=",
            [1, 2, 3, 4, 5, 6]
        ),
        (
            "grey 1 bit",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQAAAADcWUInAAAACklEQVR42mNwAAAAQgBBhL+OYgAAAABJRU5ErkJggg==",
            [0, 0, 0, 255, 255, 255]
        ),
        (
            "grey 4 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABBAAAAAAUuc1XAAAACklEQVR42mPgBwAAEQAQBOQ5bQAAAABJRU5ErkJggg==",
            [0, 0, 0, 255, 255, 255]
        ),
        (
            "grey and alpha",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR42mNgZzjxHwACsAHPL241qgAAAABJRU5ErkJggg==",
            [7, 7, 7, 200, 200, 200]
        ),
        (
            "grey and alpha, 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAQAAAAOu2tCAAAAEUlEQVR42mNgYPj//8QJBgYAEHYDj+I1d3wAAAAASUVORK5CYII=",
            [0, 0, 0, 200, 200, 200]
        ),
        (
            "palette of 2 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAgMAAACJTJcZAAAABlBMVEUKFB4oMjzVG7TpAAAACklEQVR42mNwAAAAQgBBhL+OYgAAAABJRU5ErkJggg==",
            [40, 50, 60, 10, 20, 30]
        ),
        (
            "palette with alpha",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEUKFB4oMjzVG7TpAAAAAnRSTlMAgJsrThgAAAALSURBVHjaY2BkAAAABQACQsJEnwAAAABJRU5ErkJggg==",
            [40, 50, 60, 10, 20, 30]
        ),
        (
            "grey with a transparent value",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAAnRSTlMAB+j3WJsAAAALSURBVHjaY2A/AQAA2QDQRAJV2wAAAABJRU5ErkJggg==",
            [7, 7, 7, 200, 200, 200]
        ),
        (
            "RGB, 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAIAAAAr0DSeAAAAFUlEQVR42mNgZGRiYmZmYWFl/f8fAAPDAh2QPeVYAAAAAElFTkSuQmCC",
            [1, 2, 3, 4, 5, 255]
        ),
        (
            "RGB and alpha, 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAYAAACksqPJAAAAGUlEQVR42mNgZGRiYmZmYGBhYWX9/5+BEwAIIAImMMgYMQAAAABJRU5ErkJggg==",
            [1, 2, 3, 4, 5, 255]
        ),
        (
            "RGB, interlaced",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAEMR9hLAAAAEElEQVR42mNgZGJmYGFlAwAARgAWn/Rn8AAAAABJRU5ErkJggg==",
            [1, 2, 3, 4, 5, 6]
        ),
    ]

    @Test(arguments: kinds)
    func `other kinds of PNG become RGB of 8 bits and alpha is dropped`(name: String, base64: String, pixels: [UInt8])
        throws
    {
        let data = try #require(Data(base64Encoded: base64))
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            try data.write(to: URL(filePath: path))
            let bitmap = try PNG.read(path: path)
            #expect(bitmap.width == 2 && bitmap.height == 1, "\(name): \(bitmap.width)x\(bitmap.height)")
            #expect(bitmap.pixels == pixels, "\(name): \(bitmap.pixels)")
        }
    }
}
