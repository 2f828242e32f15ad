import CFFmpeg

/// What a film file really holds, read through libav as a player would.
public struct VideoFacts: Sendable, Equatable {
    public let codec: String
    public let pixelFormat: String
    public let width: Int
    public let height: Int
    /// Frames a second, as numerator and denominator.
    public let frameRate: (numerator: Int, denominator: Int)
    /// Counted, not believed.
    public let frameCount: Int

    public static func == (a: VideoFacts, b: VideoFacts) -> Bool {
        a.codec == b.codec && a.pixelFormat == b.pixelFormat && a.width == b.width && a.height == b.height
            && a.frameRate == b.frameRate && a.frameCount == b.frameCount
    }

    /// - Throws: `FilmError` if the file is no film or has no picture.
    public static func read(path: String) throws(FilmError) -> VideoFacts {
        FFmpegLog.capture()
        var format: UnsafeMutablePointer<AVFormatContext>?
        guard avformat_open_input(&format, "file:\(path)", nil, nil) == 0, let opened = format else {
            throw FilmError(place: path, reason: "cannot be opened as a film")
        }
        defer { avformat_close_input(&format) }
        guard avformat_find_stream_info(opened, nil) >= 0 else {
            throw FilmError(place: path, reason: "has no readable streams")
        }
        let index = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        guard index >= 0, let stream = opened.pointee.streams[Int(index)] else {
            throw FilmError(place: path, reason: "has no picture")
        }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        var count = 0
        while av_read_frame(opened, packet) >= 0 {
            if packet?.pointee.stream_index == index { count += 1 }
            av_packet_unref(packet)
        }
        let parameters = stream.pointee.codecpar.pointee
        let rate = stream.pointee.avg_frame_rate
        return VideoFacts(
            codec: String(cString: avcodec_get_name(parameters.codec_id)),
            pixelFormat: av_get_pix_fmt_name(AVPixelFormat(rawValue: parameters.format)).map { String(cString: $0) }
                ?? "unknown",
            width: Int(parameters.width), height: Int(parameters.height),
            frameRate: (Int(rate.num), Int(rate.den)), frameCount: count)
    }
}
