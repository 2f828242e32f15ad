import CFFmpeg

/// Decodes one picture through libav.
final class StillDecoder {
    /// The most that a picture may have: 400 megabytes of the widest usual pixels.
    static let maximumPixelCount = 100_000_000

    let frame: UnsafeMutablePointer<AVFrame>
    let codecID: AVCodecID
    private var codec: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let path: String

    /// - Parameters:
    ///   - parameters: what a container says of its pictures.
    ///   - turn: taken before memory is taken for a large picture.
    /// - Throws: `FilmError` where this libav cannot decode such pictures.
    init(
        _ codecID: AVCodecID, _ parameters: UnsafePointer<AVCodecParameters>? = nil, path: String, turn: PictureTurn
    ) throws(FilmError) {
        guard let decoder = avcodec_find_decoder(codecID), let codec = avcodec_alloc_context3(decoder),
            let packet = av_packet_alloc(), let frame = av_frame_alloc()
        else {
            throw FilmError(place: path, reason: "is a kind of picture that this libav cannot read", remedy: Self.other)
        }
        (self.frame, self.codecID, self.codec, self.packet, self.path) = (frame, codecID, codec, packet, path)
        if let parameters { try check(avcodec_parameters_to_context(codec, parameters)) }
        // Checked by the decoder before it takes memory. A damaged picture is an error, not something to be guessed.
        codec.pointee.max_pixels = Int64(Self.maximumPixelCount)
        codec.pointee.err_recognition = AV_EF_EXPLODE
        codec.pointee.thread_count = 1
        codec.pointee.opaque = Unmanaged.passUnretained(turn).toOpaque()
        codec.pointee.get_buffer2 = { codec, frame, flags in
            guard let codec, let frame, let opaque = codec.pointee.opaque else { return facetreel_averror(ENOMEM) }
            if Int(frame.pointee.width) * Int(frame.pointee.height) > PictureTurn.largePixelCount {
                Unmanaged<PictureTurn>.fromOpaque(opaque).takeUnretainedValue().take()
            }
            return avcodec_default_get_buffer2(codec, frame, flags)
        }
        try check(avcodec_open2(codec, decoder, nil))
    }

    deinit {
        var (codec, packet, frame) = (Optional(codec), Optional(packet), Optional(frame))
        avcodec_free_context(&codec)
        av_packet_free(&packet)
        av_frame_free(&frame)
    }

    /// Decodes the picture that some bytes are.
    func decode(_ bytes: [UInt8]) throws(FilmError) {
        try check(av_new_packet(packet, Int32(clamping: bytes.count)))
        bytes.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { packet.pointee.data?.update(from: start, count: bytes.count) }
        }
        try check(avcodec_send_packet(codec, packet))
        try finish()
    }

    /// Decodes the first picture of a container's stream.
    func decode(_ format: UnsafeMutablePointer<AVFormatContext>, stream: Int32) throws(FilmError) {
        while true {
            let status = av_read_frame(format, packet)
            if status == facetreel_averror_eof() { return try finish() }
            try check(status)
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == stream else { continue }
            try check(avcodec_send_packet(codec, packet))
            if try receive() { return }
        }
    }

    private func finish() throws(FilmError) {
        try check(avcodec_send_packet(codec, nil))
        guard try receive() else { throw FilmError(place: path, reason: "ends before its picture", remedy: Self.again) }
    }

    /// Whether there is a picture; it is whole.
    private func receive() throws(FilmError) -> Bool {
        let status = avcodec_receive_frame(codec, frame)
        if status == facetreel_averror(EAGAIN) { return false }
        try check(status)
        guard frame.pointee.decode_error_flags == 0, frame.pointee.flags & AV_FRAME_FLAG_CORRUPT == 0 else {
            throw FilmError(place: path, reason: "is damaged", remedy: Self.again)
        }
        return true
    }

    private func check(_ status: Int32) throws(FilmError) { try Self.check(status, path) }

    /// Throws an error if libav reports one.
    static func check(_ status: Int32, _ path: String) throws(FilmError) {
        guard status < 0 else { return }
        // libav's own words for what is beyond `max_pixels`, or beyond what it can address.
        guard !FFmpegLog.mentions("Picture size") else {
            throw FilmError(
                place: path,
                reason: "has more than the \(maximumPixelCount / 1_000_000) million pixels that are read: "
                    + FFmpegLog.reason(status), remedy: "make it smaller")
        }
        throw FilmError(
            place: path, reason: "is no whole picture: \(FFmpegLog.reason(status))", remedy: again)
    }

    private static let again = "save the picture again"
    private static let other = "save it as JPEG or PNG"
}
