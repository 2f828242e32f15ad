import Foundation
import Testing

@testable import Film

/// What comes from elsewhere is never trusted: it is refused by the file's name, and nothing traps.
struct MalformedPNGTests {
    /// Made with Python's zlib and struct: checksums are right, so that the fault named is the one met.
    static let malformed: [(fault: String, base64: String)] = [
        (
            "zero wide",
            "iVBORw0KGgoAAAANSUhEUgAAAAAAAAABCAIAAAB/tTjgAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "zero high",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAAACAIAAACwHDt4AAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "2^31-1 a side",
            "iVBORw0KGgoAAAANSUhEUn////9/////CAIAAACbq5wxAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "2^32-1 a side",
            "iVBORw0KGgoAAAANSUhEUv//////////CAIAAABdlLlpAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "one over the largest side",
            "iVBORw0KGgoAAAANSUhEUgAAIAEAAAABCAIAAAAW69wJAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "more pixels than are read, on sides that are",
            "iVBORw0KGgoAAAANSUhEUgAAIAAAACAACAIAAAD9yF0OAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElFTkSuQmCC"
        ),
        (
            "fewer rows than it says",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAA+gCAIAAABfSFp/AAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "a depth of 3 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAwAAAACmmRFHAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "RGB of 4 bits",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABBAIAAAC+sAXcAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "colour type 7",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAcAAABMnhjvAAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "interlace method 9",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAkCnFB5AAAAD0lEQVR42mNgZGJmYWUDAAA/ABaYwWgTAAAAAElFTkSuQmCC"
        ),
        (
            "a palette picture without palette",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAAC0lEQVR42mNgZAAAAAUAAkLCRJ8AAAAASUVORK5CYII="
        ),
        (
            "a palette of 4 bytes",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABFBMVEVhYmNkeGW8dwAAAAtJREFUeNpjYGQAAAAFAAJCwkSfAAAAAElFTkSuQmCC"
        ),
        (
            "no data",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAAElFTkSuQmCC"
        ),
        (
            "empty data",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAAElEQVQ1rwYeAAAAAElFTkSuQmCC"
        ),
        (
            "data that is not zlib",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVRub3QgemxpYiBhdCBhbGz44kQmAAAAAElFTkSuQmCC"
        ),
        (
            "filter 9",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR42uNkZGJmYWUDAAB+AB8zKSkoAAAAAElFTkSuQmCC"
        ),
        (
            "an unknown critical chunk",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAAkZBQ0VldL1CqxQAAAAPSURBVHjaY2BkYmZhZQMAAD8AFpjBaBMAAAAASUVORK5CYII="
        ),
        (
            "a chunk of 2^32-1 bytes",
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjd/////0lEQVR4eHh4eHh4eHh4eHh4eHh4eHh4eA=="
        ),
        (
            "no header",
            "iVBORw0KGgoAAAAASUVORK5CYII="
        ),
        (
            "only a signature",
            "iVBORw0KGgo="
        ),
        (
            "an empty file",
            ""
        ),
        (
            "a JPEG",
            "/9j/4AAQSkZJRgAAAAAAAAAAAAAAAAAAAAAA"
        ),
        (
            "line ends converted",
            "iVBORwoaCgAAAA1JSERSAAAAAgAAAAEIAgAAAHtA6N0AAAAPSURBVHjaY2BkYmZhZQMAAD8AFpjBaBMAAAAASUVORK5CYII="
        ),
    ]

    /// A whole picture of 2 x 2 RGB pixels, 79 bytes, made in the same way.
    static let whole = """
        iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNgZGJmYWVjYOfg5OLmAQABjwBPBHStvQAAAABJRU5ErkJggg==
        """

    static func expectRefusal(of bytes: Data, _ what: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/bad.png"
            try bytes.write(to: URL(filePath: path))
            let error = #expect(throws: FilmError.self, "\(what)") { try PNG.read(path: path) }
            #expect(error?.place == path, "\(what)")
            #expect(error?.reason.count ?? 0 > "not a readable PNG: ".count, "\(what): a reason is given")
        }
    }

    @Test(arguments: malformed)
    func `a malformed file is refused with its name and a reason`(fault: String, base64: String) throws {
        try Self.expectRefusal(of: try #require(Data(base64Encoded: base64)), fault)
    }

    @Test func `a file cut short at any byte is refused`() throws {
        let whole = try #require(Data(base64Encoded: Self.whole))
        for length in 0..<whole.count {
            try Self.expectRefusal(of: whole.prefix(length), "\(length) of \(whole.count) bytes")
        }
    }

    @Test func `flipped bits are refused or read at the picture's size, never a trap`() throws {
        let whole = try #require(Data(base64Encoded: Self.whole))
        try TemporaryFolder.with { folder in
            let path = folder + "/flip.png"
            var accepted: [Int] = []
            for bit in 0..<whole.count * 8 {
                var bytes = whole
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                try bytes.write(to: URL(filePath: path))
                do throws(FilmError) {
                    let bitmap = try PNG.read(path: path)
                    #expect(bitmap.width == 2 && bitmap.height == 2, "bit \(bit)")
                    accepted.append(bit)
                } catch { #expect(error.place == path, "bit \(bit)") }
            }
            // Every chunk of this file is critical and guarded by its checksum.
            #expect(accepted.isEmpty, "accepted with a flipped bit: \(accepted)")
        }
    }

    @Test func `what is no file is refused by name`() throws {
        try TemporaryFolder.with { folder in
            let pipe = folder + "/pipe.png"
            #expect(mkfifo(pipe, 0o600) == 0)
            for path in [
                folder + "/missing.png", folder, folder + "/missing/a.png", "", "/dev/null", "/dev/zero", pipe,
            ] {
                let error = #expect(throws: FilmError.self, "'\(path)'") { try PNG.read(path: path) }
                #expect(error?.place == path, "'\(path)'")
            }
        }
    }

    @Test func `a file without permission to read is refused by name`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/secret.png"
            try Data(base64Encoded: Self.whole)?.write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
            // Root reads everything.
            guard getuid() != 0 else { return }
            let error = #expect(throws: FilmError.self) { try PNG.read(path: path) }
            #expect(error?.place == path)
        }
    }
}
