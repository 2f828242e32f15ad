import CPNG
import Disk
import Foundation

/// PNG files of 8 bits a channel.
public enum PNG {
    /// Sides above this are refused before any memory is taken for them.
    public static let maximumSide = 8192
    /// Pictures with more pixels are refused, too: this is 96 MiB of RGB.
    public static let maximumPixelCount = 1 << 25
    /// No picture that is allowed makes a larger file.
    static let maximumFileSize = 1 << 28

    /// Reads any PNG: grey, palette and 16-bit pictures become RGB of 8 bits; what is transparent is laid on mid grey.
    /// Values are taken as they stand: neither gamma nor a colour profile is applied, and no orientation (EXIF).
    /// - Throws: `FilmError` naming the file.
    public static func read(path: String) throws(FilmError) -> Bitmap { try decoded(path, opened(path)).picture }

    /// The same for the bytes of a PNG; nil for a picture beyond the limits.
    static func decoded(_ bytes: [UInt8], path: String) throws(FilmError) -> Bitmap? {
        let file = try header(of: bytes, path)
        return file.isWithinLimits ? try decoded(path, file).picture : nil
    }

    /// Whether bytes begin as PNG files do.
    static func isOne(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) }

    /// Whether any pixel of a PNG is transparent, be it only a little; false for a picture of another kind, and for one
    /// beyond the limits. Costs little where the file has no alpha.
    /// - Throws: `FilmError` naming the file.
    public static func isTransparent(path: String) throws(FilmError) -> Bool {
        let data = try contents(of: path)
        guard isOne(data) else { return false }
        let file = try header(of: data, path)
        guard file.hasAlpha, file.isWithinLimits else { return false }
        return try decoded(path, file).isTransparent
    }

    private struct OpenedFile {
        let data: [UInt8]
        let width: Int
        let height: Int
        let hasAlpha: Bool

        var isWithinLimits: Bool { max(width, height) <= maximumSide && width * height <= maximumPixelCount }
    }

    /// A file's bytes and what its header says, which is within the limits.
    private static func opened(_ path: String) throws(FilmError) -> OpenedFile {
        let file = try header(of: contents(of: path), path)
        guard file.isWithinLimits else {
            throw FilmError(
                place: path, reason: "a picture of \(file.width)x\(file.height) pixels",
                remedy: "make it at most \(maximumSide) pixels a side and \(maximumPixelCount) in all")
        }
        return file
    }

    private static func contents(of path: String) throws(FilmError) -> [UInt8] {
        try FilmError.from { () throws(DiskError) in try WholeFile.bytes(of: path, limit: maximumFileSize) }
    }

    private static func header(of data: [UInt8], _ path: String) throws(FilmError) -> OpenedFile {
        var message = [CChar](repeating: 0, count: 256)
        var (wide, high, hasAlpha): (UInt32, UInt32, Int32) = (0, 0, 0)
        guard facetreel_png_size(data, data.count, &wide, &high, &hasAlpha, &message, message.count) == 0 else {
            throw unreadable(path, message)
        }
        return OpenedFile(data: data, width: Int(wide), height: Int(high), hasAlpha: hasAlpha != 0)
    }

    private static func decoded(
        _ path: String, _ file: OpenedFile
    ) throws(FilmError) -> (picture: Bitmap, isTransparent: Bool) {
        var message = [CChar](repeating: 0, count: 256)
        var isTransparent: Int32 = 0
        var pixels = [UInt8](repeating: 0, count: file.width * file.height * 3)
        let status = facetreel_png_decode(
            file.data, file.data.count, UInt32(file.width), UInt32(file.height), &pixels, &isTransparent, &message,
            message.count)
        guard status == 0 else { throw unreadable(path, message) }
        return (Bitmap(width: file.width, height: file.height, pixels: pixels), isTransparent != 0)
    }

    /// Writes a picture with text chunks; appears whole or not at all.
    /// - Parameter text: keywords of 1...79 printable ASCII characters, without spaces at their ends or two in a row.
    ///   A text becomes a tEXt chunk where it is ASCII, otherwise an iTXt chunk.
    /// - Throws: `FilmError` naming the file.
    /// - Parameter alpha: how opaque each pixel is, `width * height` bytes; nil: all are, and the file has no alpha.
    public static func write(
        _ bitmap: Bitmap, alpha: [UInt8]? = nil, to path: String, text: [(keyword: String, text: String)] = []
    ) throws(FilmError) {
        guard let alpha else {
            return try write(bitmap.pixels, channels: 3, bitmap.width, bitmap.height, to: path, text: text)
        }
        precondition(alpha.count == bitmap.width * bitmap.height, "each pixel has an alpha")
        var pixels: [UInt8] = []
        pixels.reserveCapacity(alpha.count * 4)
        for place in alpha.indices { pixels += bitmap.pixels[3 * place..<3 * place + 3] + [alpha[place]] }
        try write(pixels, channels: 4, bitmap.width, bitmap.height, to: path, text: text)
    }

    /// Writes a picture of one channel, `width * height` bytes.
    /// - Throws: `FilmError` naming the file.
    public static func write(grey pixels: [UInt8], width: Int, height: Int, to path: String) throws(FilmError) {
        precondition(pixels.count == width * height, "each pixel has a grey")
        try write(pixels, channels: 1, width, height, to: path, text: [])
    }

    private static func write(
        _ pixels: [UInt8], channels: UInt32, _ width: Int, _ height: Int, to path: String,
        text: [(keyword: String, text: String)]
    ) throws(FilmError) {
        let chunks = TextChunks()
        for entry in text { try chunks.append(keyword: entry.keyword, text: entry.text, of: path) }
        var (data, size): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
        var message = [CChar](repeating: 0, count: 256)
        let status = facetreel_png_encode(
            pixels, UInt32(width), UInt32(height), channels, chunks.entries, chunks.entries.count, &data, &size,
            &message, message.count)
        guard status == 0, let data else {
            throw FilmError(place: path, reason: "cannot be made a PNG: \(String(cCharacters: message))")
        }
        defer { facetreel_png_free(data) }
        try FilmError.from { () throws(DiskError) in
            try WholeFile.write(UnsafeRawBufferPointer(start: data, count: size), to: path)
        }
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
            // libpng would silently change a bad keyword, which nobody would find, and would cut a text at a zero.
            guard TextChunks.isAllowed(keyword) else {
                throw FilmError(place: path, reason: "PNG does not allow the text keyword \"\(keyword)\"")
            }
            guard !text.utf8.contains(0) else {
                throw FilmError(place: path, reason: "PNG does not allow a zero in the text \"\(keyword)\"")
            }
            // tEXt is Latin-1: only ASCII is the same there and in UTF-8.
            let isASCII = text.utf8.allSatisfy { $0 < 128 }
            entries.append(
                facetreel_png_text(
                    keyword: UnsafePointer(strdup(keyword)), text: UnsafePointer(strdup(text)), is_utf8: isASCII ? 0 : 1
                ))
        }

        /// The PNG specification's rule for keywords, but only with ASCII characters of its Latin-1.
        private static func isAllowed(_ keyword: String) -> Bool {
            (1...79).contains(keyword.utf8.count) && keyword.utf8.allSatisfy { (32...126).contains($0) }
                && keyword.first != " " && keyword.last != " " && !keyword.contains("  ")
        }
    }
}

extension String {
    /// A string of C characters, up to the first zero.
    init(cCharacters: [CChar]) {
        self.init(decoding: cCharacters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
