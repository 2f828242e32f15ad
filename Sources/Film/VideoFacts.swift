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

    /// - Throws: `FilmError` if the file is no film, has no picture or breaks off.
    public static func read(path: String) throws(FilmError) -> VideoFacts {
        guard !path.utf8.contains(0) else { throw FilmError(place: path, reason: "has a zero in its name") }
        FFmpegLog.listen()
        func check(_ status: Int32, _ what: String) throws(FilmError) {
            guard status < 0 else { return }
            throw FilmError(place: path, reason: "\(what): \(FFmpegLog.reason(status))")
        }
        // Nothing but this file is opened, whatever it claims to refer to.
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        defer { av_dict_free(&options) }
        var format: UnsafeMutablePointer<AVFormatContext>?
        try check(avformat_open_input(&format, "file:" + path, nil, &options), "cannot be opened as a film")
        defer { avformat_close_input(&format) }
        try check(avformat_find_stream_info(format, nil), "has no readable streams")
        let index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        guard index >= 0, let stream = format?.pointee.streams[Int(index)] else {
            throw FilmError(place: path, reason: "has no picture")
        }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        var count = 0
        while true {
            let status = av_read_frame(format, packet)
            if status == facetreel_averror_eof() { break }
            try check(status, "breaks off after frame \(count)")
            let isWhole = (packet?.pointee.flags ?? 0) & AV_PKT_FLAG_CORRUPT == 0
            if packet?.pointee.stream_index == index { count += 1 }
            av_packet_unref(packet)
            guard isWhole else { throw FilmError(place: path, reason: "breaks off within frame \(count)") }
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
