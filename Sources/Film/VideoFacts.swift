import CFFmpeg

/// What a film file really holds, read through libav as a player would.
public struct VideoFacts: Sendable {
    public let codec: String
    public let pixelFormat: String
    public let width: Int
    public let height: Int
    /// Frames a second, as numerator and denominator.
    public let frameRate: (numerator: Int, denominator: Int)
    /// Counted in the file, not taken from its header.
    public let frameCount: Int

    /// - Throws: `FilmError` if the file is no film, has no picture or breaks off.
    public static func read(path: String) throws -> VideoFacts {
        let film = try FilmReader(path: path)
        var count = 0
        try film.forEachPacket { _ in count += 1 }
        let parameters = film.stream.pointee.codecpar.pointee
        let rate = film.stream.pointee.avg_frame_rate
        return VideoFacts(
            codec: String(cString: avcodec_get_name(parameters.codec_id)),
            pixelFormat: av_get_pix_fmt_name(AVPixelFormat(rawValue: parameters.format)).map { String(cString: $0) }
                ?? "unknown",
            width: Int(parameters.width), height: Int(parameters.height),
            frameRate: (Int(rate.num), Int(rate.den)), frameCount: count)
    }
}
