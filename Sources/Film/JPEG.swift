import CFFmpeg

/// JPEG files in memory: for cuts of photographs, which would be ten times as large as PNG.
public enum JPEG {
    /// FFmpeg's scale of quanta, 2 (best) to 31.
    private static let quantum: Int32 = 3
    /// libavutil's FF_QP2LAMBDA.
    private static let lambda: Int32 = 118

    /// A picture as JPEG with full colours; the same bytes every time.
    /// - Parameter path: for messages.
    /// - Throws: `FilmError` where FFmpeg has no such encoder.
    public static func encoded(_ bitmap: Bitmap, path: String) throws(FilmError) -> [UInt8] {
        FFmpegLog.listen()
        func check(_ status: Int32) throws(FilmError) {
            if status < 0 { throw FilmError(place: path, reason: "cannot be made a JPEG: \(FFmpegLog.reason(status))") }
        }
        let (width, height) = (Int32(bitmap.width), Int32(bitmap.height))
        guard let encoder = avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw FilmError(
                place: path, reason: "this FFmpeg has no JPEG encoder", remedy: "install Debian's libavcodec-dev")
        }
        var codec = avcodec_alloc_context3(encoder)
        var frame = av_frame_alloc()
        var packet = av_packet_alloc()
        defer {
            avcodec_free_context(&codec)
            av_frame_free(&frame)
            av_packet_free(&packet)
        }
        guard let codec, let frame, let packet else { throw FilmError(place: path, reason: "out of memory") }
        codec.pointee.width = width
        codec.pointee.height = height
        codec.pointee.pix_fmt = AV_PIX_FMT_YUVJ444P
        codec.pointee.color_range = AVCOL_RANGE_JPEG
        codec.pointee.time_base = AVRational(num: 1, den: 25)
        codec.pointee.thread_count = 1
        codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_QSCALE
        codec.pointee.global_quality = lambda * quantum
        try check(avcodec_open2(codec, encoder, nil))
        frame.pointee.format = AV_PIX_FMT_YUVJ444P.rawValue
        frame.pointee.width = width
        frame.pointee.height = height
        frame.pointee.quality = lambda * quantum
        try check(av_frame_get_buffer(frame, 0))
        fill(frame, bitmap)
        try check(avcodec_send_frame(codec, frame))
        try check(avcodec_receive_packet(codec, packet))
        return [UInt8](UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
    }

    /// Writes RGB as YCbCr of full range (JFIF 1.02).
    private static func fill(_ frame: UnsafeMutablePointer<AVFrame>, _ bitmap: Bitmap) {
        guard let luma = frame.pointee.data.0, let blue = frame.pointee.data.1, let red = frame.pointee.data.2 else {
            return
        }
        let strides = (Int(frame.pointee.linesize.0), Int(frame.pointee.linesize.1), Int(frame.pointee.linesize.2))
        func byte(_ value: Float) -> UInt8 { UInt8(min(max(value + 0.5, 0), 255)) }
        for y in 0..<bitmap.height {
            for x in 0..<bitmap.width {
                let place = 3 * (y * bitmap.width + x)
                let (r, g, b) = (
                    Float(bitmap.pixels[place]), Float(bitmap.pixels[place + 1]), Float(bitmap.pixels[place + 2])
                )
                luma[y * strides.0 + x] = byte(0.299 * r + 0.587 * g + 0.114 * b)
                blue[y * strides.1 + x] = byte(128 - 0.168736 * r - 0.331264 * g + 0.5 * b)
                red[y * strides.2 + x] = byte(128 + 0.5 * r - 0.418688 * g - 0.081312 * b)
            }
        }
    }
}
