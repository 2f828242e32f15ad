import CPNG
import Foundation

/// PNG files of 8-bit RGB.
public enum PNG {
    /// Sides above this are refused before any memory is taken for them.
    public static let maximumSide = 8192

    /// Reads any PNG: grey, palette and 16-bit pictures become RGB of 8 bits, alpha is dropped.
    /// - Throws: `FilmError` naming the file.
    public static func read(path: String) throws(FilmError) -> Bitmap {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw FilmError(place: path, reason: "cannot be read: \(error.localizedDescription)")
        }
        var pixels: UnsafeMutablePointer<UInt8>?
        var (width, height): (UInt32, UInt32) = (0, 0)
        var message = [CChar](repeating: 0, count: 256)
        let status = data.withUnsafeBytes {
            facetreel_png_decode(
                $0.bindMemory(to: UInt8.self).baseAddress, data.count, UInt32(maximumSide), &pixels, &width, &height,
                &message, message.count)
        }
        guard status == 0, let pixels else {
            throw FilmError(
                place: path, reason: "not a readable PNG: \(text(message))",
                remedy: "save the picture again as PNG, at most \(maximumSide) pixels a side")
        }
        defer { facetreel_png_free(pixels) }
        let count = Int(width) * Int(height) * 3
        return Bitmap(
            width: Int(width), height: Int(height), pixels: Array(UnsafeBufferPointer(start: pixels, count: count)))
    }

    /// Writes a picture with text chunks; appears whole or not at all.
    /// - Parameter text: keywords of 1...79 printable ASCII characters, without spaces at their ends or two in a row.
    /// - Throws: `FilmError` naming the file.
    public static func write(_ bitmap: Bitmap, to path: String, text: [(keyword: String, text: String)] = [])
        throws(FilmError)
    {
        // libpng would mend a bad keyword silently, and then nobody finds it.
        for (keyword, _) in text where !isAllowed(keyword) {
            throw FilmError(place: path, reason: "PNG does not allow the text keyword \"\(keyword)\"")
        }
        var (data, size): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
        var message = [CChar](repeating: 0, count: 256)
        let keywords = text.map { strdup($0.keyword) }
        let texts = text.map { strdup($0.text) }
        defer { for pointer in keywords + texts { free(pointer) } }
        let status = facetreel_png_encode(
            bitmap.pixels, UInt32(bitmap.width), UInt32(bitmap.height), keywords.map { UnsafePointer($0) },
            texts.map { UnsafePointer($0) }, text.count, &data, &size, &message, message.count)
        guard status == 0, let data else { throw FilmError(place: path, reason: "PNG: \(self.text(message))") }
        defer { facetreel_png_free(data) }
        try AtomicFile.write(UnsafeBufferPointer(start: data, count: size), to: path)
    }

    /// The PNG specification's rule for keywords, of its Latin-1 only what is ASCII.
    private static func isAllowed(_ keyword: String) -> Bool {
        (1...79).contains(keyword.utf8.count) && keyword.utf8.allSatisfy { (32...126).contains($0) }
            && keyword.first != " " && keyword.last != " " && !keyword.contains("  ")
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
