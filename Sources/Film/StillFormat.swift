import CFFmpeg

/// What kind of picture some bytes are, told by how they begin, and never by a name.
enum StillFormat {
    /// One picture, decoded as it stands.
    case codec(AVCodecID)
    /// A container of pictures, of which the first one counts.
    case container(UnsafePointer<AVInputFormat>)

    /// So much of a file is looked at.
    private static let probed = 1 << 20

    /// Formats that hold pictures, beside those with a codec of their own (`..._pipe`).
    private static let containers: Set<String> = ["gif", "apng", "ico"]
    /// Of the family of MP4 those that are pictures, by their brand. All others are films.
    private static let brands: Set<String> = ["avif", "avis", "mif1", "msf1", "heic", "heix"]

    /// Nil for what is no picture.
    init?(of bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .codec(AV_CODEC_ID_MJPEG)
        } else if PNG.isOne(bytes) {
            self = .codec(AV_CODEC_ID_PNG)
        } else if Self.text(bytes, 0..<4) == "RIFF", Self.text(bytes, 8..<12) == "WEBP" {
            self = .codec(AV_CODEC_ID_WEBP)
        } else if let format = Self.probe(bytes), let name = format.pointee.name.map(String.init(cString:)) {
            let isImage = Self.text(bytes, 4..<8) == "ftyp" && Self.brands.contains(Self.text(bytes, 8..<12))
            // SVG is a program of sorts, which may ask for other files.
            let isSingle = name.hasSuffix("_pipe") && name != "svg_pipe"
            guard isSingle || Self.containers.contains(name) || isImage && name.hasPrefix("mov,") else { return nil }
            self = .container(format)
        } else {
            return nil
        }
    }

    /// Whether the flag for animation is set in its extended header.
    static func isAnimatedWebP(_ bytes: [UInt8]) -> Bool {
        text(bytes, 12..<16) == "VP8X" && bytes.count > 20 && bytes[20] & 2 != 0
    }

    private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        range.upperBound <= bytes.count ? String(decoding: bytes[range], as: UTF8.self) : ""
    }

    private static func probe(_ bytes: [UInt8]) -> UnsafePointer<AVInputFormat>? {
        var start = Array(bytes.prefix(probed))
        let count = start.count
        start += [UInt8](repeating: 0, count: Int(AVPROBE_PADDING_SIZE))
        return start.withUnsafeMutableBufferPointer { start in
            "".withCString { name in
                var data = AVProbeData(filename: name, buf: start.baseAddress, buf_size: Int32(count), mime_type: nil)
                var score: Int32 = 0
                return av_probe_input_format3(&data, 1, &score)
            }
        }
    }
}
