import Foundation
import Testing

@testable import Film

/// Pictures of any kind that libav knows, whoever made them. The fixtures are Pillow's.
@Suite struct StillPictureTests {
    private func decoded(_ bytes: [UInt8]) throws -> Bitmap { try Bitmap.decoding(bytes, path: "a") { $0 } }

    private func decoded(_ base64: String) throws -> Bitmap { try decoded(try bytes(base64)) }

    private func bytes(_ base64: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: base64))) }

    /// Red and green above blue and white.
    private func corners(_ picture: Bitmap) -> String {
        let names = [[255, 0, 0]: "r", [0, 255, 0]: "g", [0, 0, 255]: "b", [255, 255, 255]: "w"]
        return [(0, 0), (1, 0), (0, 1), (1, 1)].map { x, y in
            let place = 3 * ((picture.height - 1) * y * picture.width + (picture.width - 1) * x)
            return names[(0..<3).map { picture.pixels[place + $0] > 127 ? 255 : 0 }] ?? "?"
        }.joined()
    }

    /// As EXIF 2.3 has it: where the stored first row and first column are to be shown.
    @Test(arguments: [
        (1, "rgbw"), (2, "grwb"), (3, "wbgr"), (4, "bwrg"), (5, "rbgw"), (6, "brwg"), (7, "wgbr"), (8, "gwrb"),
        (9, "rgbw"),
    ])
    func `a JPEG is turned as EXIF says`(orientation: UInt8, expected: String) throws {
        let plain = try bytes(Fixtures.quarters)
        let exif: [UInt8] =
            [0xFF, 0xE1, 0, 34] + Array("Exif\0\0MM\0*".utf8)
            + [0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let picture = try decoded(plain.prefix(2) + exif + plain.dropFirst(2))
        #expect(corners(picture) == expected)
        #expect(picture.width == ((5...8).contains(orientation) ? 16 : 32))
    }

    @Test func `a WebP is turned as EXIF says`() throws {
        let picture = try decoded(Fixtures.turnedWebP)
        #expect(picture.width == 2 && picture.height == 3)
        // The first row is shown as the last column.
        #expect(Array(picture.pixels[3..<6]) == [10, 0, 255])
        #expect(Array(picture.pixels[15..<18]) == [110, 100, 150])
    }

    @Test func `colours of BMP and TIFF come as they are, and 16 bits as 8`() throws {
        let picture = try decoded(Fixtures.bmp)
        #expect(
            picture
                == Bitmap(
                    width: 3, height: 2,
                    pixels: [10, 0, 255, 60, 50, 200, 110, 100, 150, 160, 150, 100, 210, 200, 50, 255, 250, 0]))
        let deep = try decoded(Fixtures.deepTIFF)
        for (value, wanted) in zip(deep.pixels, [10, 60, 110, 160, 210, 255].flatMap { [$0, $0, $0] }) {
            #expect(abs(Int(value) - wanted) <= 1)
        }
    }

    @Test func `what is transparent lies on mid grey, as in a PNG`() throws {
        let picture = try decoded(Fixtures.transparentWebP)
        #expect(Array(picture.pixels[0..<6]) == [128, 128, 128, 60, 50, 200])
        // (110 x 128 + 127.5 x 127) / 255
        #expect(picture.pixels[6] == 119)
    }

    @Test func `of an animation the first picture counts`() throws {
        let picture = try decoded(Fixtures.animatedGIF)
        #expect(picture == Bitmap(width: 3, height: 2, color: (200, 100, 50)))
        let error = try #require(throws: FilmError.self) { try decoded(Fixtures.animatedWebP) }
        #expect(error.reason.contains("animated WebP"), "\(error)")
    }

    @Test func `CMYK becomes RGB`() throws {
        let picture = try decoded(Fixtures.cmyk)
        for (value, wanted) in zip(picture.pixels, (0..<128).flatMap { _ in [225, 112, 0] }) {
            #expect(abs(Int(value) - wanted) <= 6, "\(value), \(wanted)")
        }
    }

    @Test func `what is cut off, and what is no picture, is an error with its name`() throws {
        for fixture in [Fixtures.bmp, Fixtures.animatedGIF, Fixtures.quarters, Fixtures.transparentWebP] {
            let whole = try bytes(fixture)
            for count in [0, 1, 4, whole.count / 3] {
                let error = try #require(throws: FilmError.self) { try decoded(Array(whole.prefix(count))) }
                #expect(error.place == "a" && !error.reason.isEmpty, "\(error)")
            }
        }
        for text in ["#EXTM3U\n#EXTINF:1,\na.png\n", "ffconcat version 1.0\nfile a.png\n", "<svg/>", "hello"] {
            let error = try #require(throws: FilmError.self) { try decoded(Array(text.utf8)) }
            #expect(error.reason == "is no picture that can be read", "\(text): \(error)")
        }
    }

    @Test func `damage is an error and never a trap`() throws {
        for fixture in [
            Fixtures.bmp, Fixtures.animatedGIF, Fixtures.quarters, Fixtures.transparentWebP, Fixtures.deepTIFF,
            Fixtures.cmyk, Fixtures.turnedWebP,
        ] {
            let whole = try bytes(fixture)
            for place in whole.indices {
                for bit in [1, 0x80] as [UInt8] {
                    var damaged = whole
                    damaged[place] ^= bit
                    do { _ = try decoded(damaged) } catch { #expect(error is FilmError) }
                }
            }
        }
    }

    /// A header that says 20,000 x 20,000; nothing behind it is read.
    @Test func `a picture of too many pixels is refused before it takes memory`() throws {
        var bytes = try bytes(Fixtures.bmp)
        for place in [18, 22] { bytes.replaceSubrange(place..<place + 4, with: [0x20, 0x4E, 0, 0]) }
        let error = try #require(throws: FilmError.self) { try decoded(bytes) }
        #expect(error.reason.hasPrefix("has more than the 100 million pixels that are read"), "\(error)")
    }

    @Test(arguments: [(1, 1), (1, 60_000), (60_000, 1), (3, 5)])
    func `the middle of a picture of any shape takes little memory`(width: Int, height: Int) {
        let picture = Bitmap(width: width, height: height, color: (9, 99, 199)).classified(width: 224, height: 224)
        #expect(picture == Bitmap(width: 224, height: 224, color: (9, 99, 199)))
    }

    @Test(arguments: [(64, 48), (20, 90)])
    func `a part of a scaled picture is that part of the whole`(width: Int, height: Int) {
        let picture = Bitmap(
            width: width, height: height, pixels: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * 37) })
        let whole = Resampler(from: (width, height), to: (40, 33)).scale(picture)
        let part = Resampler(from: (width, height), to: (40, 33), keeping: (7..<31, 5..<20)).scale(picture)
        #expect(part.width == 24 && part.height == 15)
        for row in 0..<15 {
            let start = ((row + 5) * 40 + 7) * 3
            #expect(part.pixels[row * 72..<row * 72 + 72] == whole.pixels[start..<start + 72])
        }
    }
}

private enum Fixtures {
    static let bmp =
        "Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAAZJagMsjSAPr/AAAA/wAKyDI8lmRuAAAA"
    static let deepTIFF =
        "SUkqAAgAAAAJAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQAAABEBBAABAAAAegAA"
        + "ABYBBAABAAAAAgAAABcBBAABAAAADAAAABwBAwABAAAAAQAAAAAAAAAKCjw8bm6goNLS//8="
    static let transparentWebP =
        "UklGRkwAAABXRUJQVlA4TD8AAAAvAkAAEC8gEEj2hwtoEjVtGzB/+ePaWPoLZJOldH+3CCRtFm3Nzpu92SPMTzN0VBQoZBsBTu0ekxO6iP7H"
        + "OwEA"
    /// Orientation 6.
    static let turnedWebP =
        "UklGRm4AAABXRUJQVlA4WAoAAAAIAAAAAgAAAQAAVlA4TC4AAAAvAkAAAC8wMmraNmDxXy4zCtI2YPxL26ulzX/QR4IgaEBN2wZsqPMvp0b0"
        + "P6YXRVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA=="
    static let animatedGIF =
        "R0lGODdhAwACAIEAAMhkMgAAAAAAAAAAACwAAAAAAwACAAAIBgABCBwYEAAh+QQBAAABACwAAAAAAwACAIEAAP8AAAAAAAAAAAAIBgABCBwY"
        + "EAAh+QQBAAABACwAAAAAAwACAIHIZDIAAAAAAAAAAAAIBgABCBwYEAA7"
    static let animatedWebP =
        "UklGRoYAAABXRUJQVlA4WAoAAAACAAAAAgAAAQAAQU5JTQYAAAAAAAAAAABBTk1GKgAAAAAAAAAAAAIAAAEAAAAAAAJWUDhMEQAAAC8CQAAA"
        + "B1CyIlem/4GI6H8AAEFOTUYoAAAAAAAAAAAAAgAAAQAAAAAAAFZQOEwPAAAALwJAAAAHENH//gciov8BAA=="
    /// 16 x 8 of one colour.
    static let cmyk =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhc"
        + "ZWdj/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAAHAQb/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBL"
        + "AAA/AKAxP3YgD//Z"
    /// 32 x 16: red and green above blue and white.
    static let quarters =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5a"
        + "YVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAAR"
        + "CAAQACADAREAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAYHCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAZAQEAAgMAAAAAAAAAAAAA"
        + "AAAABQcEBgj/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCfQyyQFciHPIDNF8txAdFq2ZgD/9k="
}
