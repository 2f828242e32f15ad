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
            [128, 128, 128, 4, 5, 6]
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
            [128, 128, 128, 200, 200, 200]
        ),
        (
            "grey and alpha, 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAQAAAAOu2tCAAAAEUlEQVR42mNgYPj//8QJBgYAEHYDj+I1d3wAAAAASUVORK5CYII=",
            [0, 0, 0, 128, 128, 128]
        ),
        (
            "palette of 2 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAgMAAACJTJcZAAAABlBMVEUKFB4oMjzVG7TpAAAACklEQVR42mNwAAAAQgBBhL+OYgAAAABJRU5ErkJggg==",
            [40, 50, 60, 10, 20, 30]
        ),
        (
            "palette with alpha",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEUKFB4oMjzVG7TpAAAAAnRSTlMAgJsrThgAAAALSURBVHjaY2BkAAAABQACQsJEnwAAAABJRU5ErkJggg==",
            [84, 89, 94, 128, 128, 128]
        ),
        (
            "grey with a transparent value",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAAnRSTlMAB+j3WJsAAAALSURBVHjaY2A/AQAA2QDQRAJV2wAAAABJRU5ErkJggg==",
            [128, 128, 128, 200, 200, 200]
        ),
        (
            "RGB, 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAIAAAAr0DSeAAAAFUlEQVR42mNgZGRiYmZmYWFl/f8fAAPDAh2QPeVYAAAAAElFTkSuQmCC",
            [1, 2, 3, 4, 5, 255]
        ),
        (
            "RGB and alpha, 16 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAYAAACksqPJAAAAGUlEQVR42mNgZGRiYmZmYGBhYWX9/5+BEwAIIAImMMgYMQAAAABJRU5ErkJggg==",
            [128, 128, 128, 128, 128, 128]
        ),
        (
            "RGB, interlaced",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAEMR9hLAAAAEElEQVR42mNgZGJmYGFlAwAARgAWn/Rn8AAAAABJRU5ErkJggg==",
            [1, 2, 3, 4, 5, 6]
        ),
        (
            "RGB and alpha, interlaced",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAGDJU8cAAAAEklEQVR4nGPgEpFzYPjfwHAAAAmSArxX11iNAAAAAElFTkSuQmCC",
            [98, 101, 103, 224, 128, 32]
        ),
        (
            "RGB and alpha, all of it opaque",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGNgZGL+z8LK9h8ABlYCFISb0IsAAAAASUVORK5CYII=",
            [1, 2, 3, 4, 5, 6]
        ),
        // Values are taken as they stand.
        (
            "RGB with linear gamma and an orientation",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAABGdBTUEAAYagMeiWXwAAABplWElmTU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAADWZ0tpAAAAD0lEQVR4nGNgZGJmYWUDAAA/ABYhutRUAAAAAElFTkSuQmCC",
            [1, 2, 3, 4, 5, 6]
        ),
    ]

    @Test(arguments: kinds)
    func `other kinds of PNG become RGB of 8 bits, with what is transparent on grey`(
        name: String, base64: String, pixels: [UInt8]
    )
        throws
    {
        let data = try #require(Data(base64Encoded: base64))
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            try data.write(to: URL(filePath: path))
            let bitmap = try PNG.read(path: path)
            #expect(bitmap.width == 2 && bitmap.height == 1, "\(name): \(bitmap.width)x\(bitmap.height)")
            #expect(bitmap.pixels == pixels, "\(name): \(bitmap.pixels)")
            let shows = name.contains("alpha") && !name.contains("opaque") || name.contains("transparent")
            #expect(try PNG.isTransparent(path: path) == shows, "\(name)")
        }
    }
}
