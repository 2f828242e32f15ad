import CFFmpeg

/// The pictures of a film, decoded as a player would.
public enum VideoPictures {
    /// The brightness of a picture's pixels, row by row: from black near 0 to white near 255.
    public struct Luma: Sendable {
        public let width: Int
        public let height: Int
        public let values: [UInt8]
    }

    /// Decodes a film to its end and calls `body` with each picture, in the order in which they are shown.
    /// - Throws: `FilmError` if the file is no film, breaks off or cannot be decoded; what `body` throws.
    public static func forEach(path: String, _ body: (Luma) throws -> Void) throws {
        let film = try FilmReader(path: path)
        let parameters = film.stream.pointee.codecpar
        guard let parameters, let decoder = avcodec_find_decoder(parameters.pointee.codec_id) else {
            throw FilmError(place: path, reason: "has no picture that can be decoded")
        }
        var codec = avcodec_alloc_context3(decoder)
        defer { avcodec_free_context(&codec) }
        try film.check(avcodec_parameters_to_context(codec, parameters), "has no readable pictures")
        codec?.pointee.thread_count = 1
        // A damaged picture is an error, not something to be guessed.
        codec?.pointee.err_recognition = AV_EF_EXPLODE
        try film.check(avcodec_open2(codec, decoder, nil), "cannot be decoded")
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        var count = 0
        func receive() throws {
            while true {
                let status = avcodec_receive_frame(codec, frame)
                if status == facetreel_averror(EAGAIN) || status == facetreel_averror_eof() { return }
                try film.check(status, "frame \(count) cannot be decoded")
                try body(try luma(frame, path: path, number: count))
                count += 1
                av_frame_unref(frame)
            }
        }
        try film.forEachPacket { packet in
            try film.check(avcodec_send_packet(codec, packet), "frame \(count) cannot be decoded")
            try receive()
        }
        try film.check(avcodec_send_packet(codec, nil), "cannot be decoded to its end")
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
