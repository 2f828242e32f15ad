import Foundation
import Testing

@testable import Film

/// What a picture shows is said in its text chunks, where any PNG reader finds it.
struct PNGTextTests {
    private struct Chunk {
        let type: String
        let body: [UInt8]
    }

    /// The file's chunks, each with its checksum tried.
    private static func chunks(of path: String) throws -> [Chunk] {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        try #require(Array(bytes.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10])
        func word(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var chunks: [Chunk] = []
        var position = 8
        while position < bytes.count {
            let length = word(position)
            try #require(position + 12 + length <= bytes.count)
            let covered = bytes[position + 4..<position + 8 + length]
            #expect(word(position + 8 + length) == Int(crc32(covered)))
            chunks.append(
                Chunk(type: String(decoding: covered.prefix(4), as: UTF8.self), body: Array(covered.dropFirst(4))))
            position += 12 + length
        }
        return chunks
    }

    /// The PNG specification's CRC, bit by bit.
    private static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    /// Keyword, then text, of the chunks that carry text: tEXt in Latin-1, iTXt in UTF-8.
    private static func texts(of path: String) throws -> [[String]] {
        try chunks(of: path).compactMap { chunk in
            let parts = chunk.body.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            switch chunk.type {
            case "tEXt":
                return [
                    String(decoding: parts[0], as: UTF8.self),
                    String(String.UnicodeScalarView(parts[1].map { Unicode.Scalar($0) })),
                ]
            case "iTXt":
                // After the keyword: not compressed, method 0, no language, no translated keyword.
                #expect(Array(parts[1].prefix(4)) == [0, 0, 0, 0])
                return [
                    String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1].dropFirst(4), as: UTF8.self),
                ]
            default: return nil
            }
        }
    }

    @Test func `text chunks hold each keyword and text in order`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            let long = String(repeating: "0123456789abcdef", count: 4096)
            try PNG.write(
                PNGTests.pattern(width: 4, height: 4), to: path,
                text: [("Layer", "block_12_add"), ("Unit", "33"), ("Empty", ""), ("Job", long)])
            let texts = try Self.texts(of: path)
            #expect(texts == [["Layer", "block_12_add"], ["Unit", "33"], ["Empty", ""], ["Job", long]])
            #expect(try PNG.read(path: path) == PNGTests.pattern(width: 4, height: 4))
        }
    }

    @Test func `a picture without text has only the chunks of a picture`() throws {
        try TemporaryFolder.with { folder in
            try PNG.write(PNGTests.pattern(width: 4, height: 4), to: folder + "/a.png")
            #expect(try Self.chunks(of: folder + "/a.png").map(\.type) == ["IHDR", "sRGB", "IDAT", "IEND"])
        }
    }

    @Test(arguments: ["Würfel — 3 · π", "Größe", "多面体", "🎞"])
    func `text beyond ASCII is read back as it was meant`(text: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            try PNG.write(PNGTests.pattern(width: 4, height: 4), to: path, text: [("Facet", text), ("Unit", "33")])
            #expect(try Self.texts(of: path) == [["Facet", text], ["Unit", "33"]])
        }
    }

    @Test func `a text with a zero is refused instead of cut`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            let error = #expect(throws: FilmError.self) {
                try PNG.write(PNGTests.pattern(width: 4, height: 4), to: path, text: [("Facet", "two\0parts")])
            }
            #expect(error?.place == path)
        }
    }

    @Test(arguments: ["", String(repeating: "k", count: 80), " Layer", "Layer ", "Lay  er", "Schärfe", "Lay\ner"])
    func `a keyword that PNG does not allow is refused instead of altered`(keyword: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.png"
            let error = #expect(throws: FilmError.self) {
                try PNG.write(PNGTests.pattern(width: 4, height: 4), to: path, text: [(keyword, "text")])
            }
            #expect(error?.place == path)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty, "\(left)")
        }
    }
}
