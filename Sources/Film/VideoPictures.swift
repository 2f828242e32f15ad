import CFFmpeg

/// The pictures of a film, decoded as a player would.
public enum VideoPictures {
    /// How bright a picture's pixels are, 0...255 from black to white or nearly so, row by row.
    public struct Luma: Sendable {
        public let width: Int
        public let height: Int
        public let values: [UInt8]
    }

    /// Decodes a film to its end and calls `body` with each picture, in the order in which they are shown.
    /// - Throws: `FilmError` if the file is no film, breaks off or cannot be decoded; what `body` throws.
    public static func forEach(path: String, _ body: (Luma) throws -> Void) throws {
        guard !path.utf8.contains(0) else { throw FilmError(place: path, reason: "has a zero in its name") }
        FFmpegLog.listen()
        func check(_ status: Int32, _ what: String) throws(FilmError) {
            guard status < 0 else { return }
            throw FilmError(place: path, reason: "\(what): \(FFmpegLog.reason(status))")
        }
        var options: OpaquePointer?
        // Nothing but this file is opened, whatever it claims to refer to.
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        defer { av_dict_free(&options) }
        var format: UnsafeMutablePointer<AVFormatContext>?
        try check(avformat_open_input(&format, "file:" + path, nil, &options), "cannot be opened as a film")
        defer { avformat_close_input(&format) }
        try check(avformat_find_stream_info(format, nil), "has no readable streams")
        let index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        guard index >= 0, let stream = format?.pointee.streams[Int(index)],
            let decoder = avcodec_find_decoder(stream.pointee.codecpar.pointee.codec_id)
        else { throw FilmError(place: path, reason: "has no picture that can be decoded") }
        var codec = avcodec_alloc_context3(decoder)
        defer { avcodec_free_context(&codec) }
        try check(avcodec_parameters_to_context(codec, stream.pointee.codecpar), "has no readable pictures")
        codec?.pointee.thread_count = 1
        // A damaged picture is an error, not something to be guessed.
        codec?.pointee.err_recognition = AV_EF_EXPLODE
        try check(avcodec_open2(codec, decoder, nil), "cannot be decoded")
        var (packet, frame) = (av_packet_alloc(), av_frame_alloc())
        defer {
            av_packet_free(&packet)
            av_frame_free(&frame)
        }
        var count = 0
        func receive() throws {
            while true {
                let status = avcodec_receive_frame(codec, frame)
                if status == facetreel_averror(EAGAIN) || status == facetreel_averror_eof() { return }
                try check(status, "frame \(count) cannot be decoded")
                try body(try luma(frame, path: path, number: count))
                count += 1
                av_frame_unref(frame)
            }
        }
        while true {
            let status = av_read_frame(format, packet)
            if status == facetreel_averror_eof() { break }
            try check(status, "breaks off after frame \(count)")
            defer { av_packet_unref(packet) }
            guard packet?.pointee.stream_index == index else { continue }
            try check(avcodec_send_packet(codec, packet), "frame \(count) cannot be decoded")
            try receive()
        }
        try check(avcodec_send_packet(codec, nil), "cannot be decoded to its end")
        try receive()
    }

    private static func luma(
        _ frame: UnsafeMutablePointer<AVFrame>?, path: String, number: Int
    ) throws(FilmError) -> Luma {
        guard let frame, frame.pointee.format == AV_PIX_FMT_YUV420P.rawValue, let base = frame.pointee.data.0,
            frame.pointee.width > 0, frame.pointee.height > 0, frame.pointee.linesize.0 >= frame.pointee.width
        else { throw FilmError(place: path, reason: "frame \(number) is not a yuv420p picture") }
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        var values: [UInt8] = []
        values.reserveCapacity(width * height)
        for row in 0..<height {
            values += UnsafeBufferPointer(start: base + row * Int(frame.pointee.linesize.0), count: width)
        }
        return Luma(width: width, height: height, values: values)
    }
}
