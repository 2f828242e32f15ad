import Foundation
import Testing

@testable import Film

/// Photographs as networks are tested on them.
@Suite struct PhotographTests {
    /// A ramp in both directions.
    private func ramp(width: Int, height: Int) -> Bitmap {
        Bitmap(
            width: width, height: height,
            pixels: (0..<height).flatMap { y in
                (0..<width).flatMap { x in [UInt8(255 * x / width), UInt8(255 * y / height), 99] }
            })
    }

    @Test(arguments: [(640, 427), (300, 451), (32, 32), (256, 256), (1000, 20)])
    func `the middle of a picture is cut out, its shorter side scaled by 256 to 224`(width: Int, height: Int) {
        let picture = ramp(width: width, height: height).classified(width: 224, height: 224)
        #expect(picture.width == 224 && picture.height == 224)
        // Across the middle a ramp goes through its middle value, and covers 224/256 of the shorter side.
        let row = (0..<224).map { Double(picture.pixels[(112 * 224 + $0) * 3]) }
        #expect(abs(row[112] - 127.5) < 4, "\(row[112])")
        let covered = 255 * 0.875 * Double(min(width, height)) / Double(width)
        #expect(abs(row[220] - row[3] - covered * 217 / 224) < 4, "\(row[220] - row[3]), \(covered)")
    }

    @Test func `a JPEG is read by its beginning, and one that is cut off is refused with its name`() throws {
        try TemporaryFolder.with { folder in
            // Baseline, 16 x 8, one colour (200, 100, 50): made by Pillow, quality 95.
            let bytes = try #require(Data(base64Encoded: Self.orange))
            let path = "\(folder)/a.png"
            try bytes.write(to: URL(filePath: path))
            let picture = try Bitmap.reading(path: path)
            #expect(picture.width == 16 && picture.height == 8)
            for (value, wanted) in zip(picture.pixels, (0..<128).flatMap { _ in [200, 100, 50] }) {
                #expect(abs(Int(value) - wanted) <= 2)
            }
            for count in [3, 20, 200, bytes.count / 2] {
                try bytes.prefix(count).write(to: URL(filePath: path))
                let error = try #require(throws: FilmError.self) { try Bitmap.reading(path: path) }
                #expect("\(error)".hasPrefix(path), "\(error)")
            }
            #expect(throws: FilmError.self) { try Bitmap.reading(path: "\(folder)/none.jpg") }
        }
    }

    private static let orange =
        ""
        + "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK"
        + "CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
        + "CgoKCgoKCgr/wAARCAAIABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
        + "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
        + "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
        + "4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
        + "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
        + "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq"
        + "8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDPooor+Vz+2D//2Q=="
}
