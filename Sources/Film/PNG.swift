import CPNG
import Foundation

/// PNG files of 8-bit RGB.
public enum PNG {
    /// Sides above this are refused before any memory is taken for them.
    public static let maximumSide = 8192
    /// So are pictures of more pixels: 96 MiB of RGB.
    public static let maximumPixelCount = 1 << 25
    /// No picture of that size makes a larger file.
    static let maximumFileSize = 1 << 28

    /// Reads any PNG: grey, palette and 16-bit pictures become RGB of 8 bits, alpha is dropped.
    /// - Throws: `FilmError` naming the file.
    public static func read(path: String) throws(FilmError) -> Bitmap {
        let data = try InputFile.bytes(of: path, limit: maximumFileSize)
        var message = [CChar](repeating: 0, count: 256)
        var (wide, high): (UInt32, UInt32) = (0, 0)
        guard facetreel_png_size(data, data.count, &wide, &high, &message, message.count) == 0 else {
            throw unreadable(path, message)
        }
        let (width, height) = (Int(wide), Int(high))
        guard max(width, height) <= maximumSide, width * height <= maximumPixelCount else {
            throw FilmError(
                place: path, reason: "a picture of \(width)x\(height) pixels",
                remedy: "make it at most \(maximumSide) pixels a side and \(maximumPixelCount) in all")
        }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        guard facetreel_png_decode(data, data.count, wide, high, &pixels, &message, message.count) == 0 else {
            throw unreadable(path, message)
        }
        return Bitmap(width: width, height: height, pixels: pixels)
    }

    /// Writes a picture with text chunks; appears whole or not at all.
    /// - Parameter text: keywords of 1...79 Latin-1 characters. A text becomes a tEXt chunk, or an iTXt chunk where
    ///   Latin-1 cannot write it.
    /// - Throws: `FilmError` naming the file.
    public static func write(_ bitmap: Bitmap, to path: String, text: [(keyword: String, text: String)] = [])
        throws(FilmError)
    {
        let chunks = TextChunks()
        for entry in text { try chunks.append(keyword: entry.keyword, text: entry.text, of: path) }
        var (data, size): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
        var message = [CChar](repeating: 0, count: 256)
        let status = facetreel_png_encode(
            bitmap.pixels, UInt32(bitmap.width), UInt32(bitmap.height), chunks.entries, chunks.entries.count, &data,
            &size, &message, message.count)
        guard status == 0, let data else {
            throw FilmError(place: path, reason: "cannot be made a PNG: \(String(cCharacters: message))")
        }
        defer { facetreel_png_free(data) }
        try AtomicFile.write(UnsafeRawBufferPointer(start: data, count: size), to: path)
    }

    private static func unreadable(_ path: String, _ message: [CChar]) -> FilmError {
        FilmError(
            place: path, reason: "is no readable PNG: \(String(cCharacters: message))",
            remedy: "save the picture as PNG again")
    }

    /// Text chunks as C takes them; the memory lives as long as this object.
    private final class TextChunks {
        private(set) var entries: [facetreel_png_text] = []

        deinit {
            for entry in entries {
                free(UnsafeMutablePointer(mutating: entry.keyword))
                free(UnsafeMutablePointer(mutating: entry.text))
            }
        }

        func append(keyword: String, text: String, of path: String) throws(FilmError) {
            // libpng would cut both at a zero, and a keyword at 79 bytes.
            guard let key = TextChunks.latin1(keyword), (1...79).contains(key.count) else {
                throw FilmError(
                    place: path, reason: "the text chunk's keyword \"\(keyword)\" is not 1...79 Latin-1 characters")
            }
            guard !text.utf8.contains(0) else {
                throw FilmError(place: path, reason: "the text chunk \"\(keyword)\" has a zero in its text")
            }
            let latin = TextChunks.latin1(text)
            entries.append(
                facetreel_png_text(
                    keyword: TextChunks.copy(key), text: TextChunks.copy(latin ?? Array(text.utf8)),
                    is_utf8: latin == nil ? 1 : 0))
        }

        private static func copy(_ bytes: [UInt8]) -> UnsafePointer<CChar>? {
            strndup(bytes.map { CChar(bitPattern: $0) }, bytes.count).map { UnsafePointer($0) }
        }

        private static func latin1(_ text: String) -> [UInt8]? {
            var bytes: [UInt8] = []
            for scalar in text.unicodeScalars {
                guard let byte = UInt8(exactly: scalar.value), byte > 0 else { return nil }
                bytes.append(byte)
            }
            return bytes
        }
    }
}

extension String {
    /// Of C's characters, up to the first zero.
    init(cCharacters: [CChar]) {
        self.init(decoding: cCharacters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
