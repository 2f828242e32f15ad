import Foundation
import Testing

@testable import Film

/// Pictures that are written in other forms than RGB.
@Suite struct WrittenPictureTests {
    private var picture: Bitmap {
        let pixels = (0..<21 * 13 * 3).map { place -> UInt8 in
            let (column, row) = (place / 3 % 21, place / 63)
            return UInt8(40 + column * 8 + row)
        }
        return Bitmap(width: 21, height: 13, pixels: pixels)
    }

    @Test func `a JPEG is read as it was written, nearly, and is the same every time`() throws {
        let bytes = try JPEG.encoded(picture, path: "test")
        let again = try JPEG.encoded(picture, path: "test")
        #expect(bytes.starts(with: [0xFF, 0xD8]) && bytes == again)
        let read = try Bitmap.decoding(bytes, path: "test") { $0 }
        #expect(read.width == 21 && read.height == 13)
        let worst = zip(read.pixels, picture.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(worst <= 12, "\(worst)")
    }

    @Test func `a PNG with alpha is transparent, and lies on grey where it is read`() throws {
        try TemporaryFolder.with { folder in
            let path = "\(folder)/alpha.png"
            var alpha = [UInt8](repeating: 255, count: 21 * 13)
            alpha[0] = 0
            try PNG.write(picture, alpha: alpha, to: path)
            #expect(try PNG.isTransparent(path: path))
            let read = try PNG.read(path: path)
            #expect(Set(read.pixels[..<3]).isSubset(of: [127, 128]) && read.pixels[3...] == picture.pixels[3...])
        }
    }

    @Test func `a PNG of one channel is grey`() throws {
        try TemporaryFolder.with { folder in
            let path = "\(folder)/grey.png"
            let values = (0..<21 * 13).map { UInt8($0 % 256) }
            try PNG.write(grey: values, width: 21, height: 13, to: path)
            let read = try PNG.read(path: path)
            #expect(read.pixels == values.flatMap { [$0, $0, $0] })
        }
    }

    @Test func `a part of what the network saw is found again in the picture`() {
        let large = Bitmap(width: 640, height: 400, color: (1, 2, 3))
        // The shorter side becomes 256 pixels, of which the middle 224 are seen.
        let whole = large.place(ofClassified: (0, 0, 224, 224), width: 224, height: 224)
        #expect(whole == (145, 25, 350, 350))
        let corner = large.place(ofClassified: (200, 200, 24, 24), width: 224, height: 224)
        #expect(corner.left + corner.width <= 640 && corner.top + corner.height <= 400)
        #expect(abs(corner.left - (145 + 312)) <= 1 && abs(corner.width - 38) <= 1)
    }
}
