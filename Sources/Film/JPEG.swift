import CFFmpeg
import Disk

/// JPEG photographs, decoded through libav.
enum JPEG {
    /// Whether a file begins as JPEG files do.
    static func isOne(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

    /// Reads a JPEG of any kind as RGB of 8 bits. No colour profile and no orientation (EXIF) is applied.
    /// - Throws: `FilmError` naming the file; also for pictures larger than a PNG may be.
    static func decoded(_ bytes: [UInt8], path: String) throws(FilmError) -> Bitmap {
        FFmpegLog.listen()
        func check(_ status: Int32) throws(FilmError) {
            guard status < 0 else { return }
            throw FilmError(place: path, reason: "is no whole JPEG: \(FFmpegLog.reason(status))")
        }
        guard let decoder = avcodec_find_decoder(AV_CODEC_ID_MJPEG), var codec = avcodec_alloc_context3(decoder) else {
            throw FilmError(place: path, reason: "this libav reads no JPEG", remedy: "make it a PNG")
        }
        defer { free(&codec) }
        // Checked by the decoder before it takes memory. A damaged picture is an error, not something to be guessed.
        codec.pointee.max_pixels = Int64(PNG.maximumPixelCount)
        codec.pointee.err_recognition = AV_EF_EXPLODE
        codec.pointee.thread_count = 1
        try check(avcodec_open2(codec, decoder, nil))
        var packet = av_packet_alloc()
        var frame = av_frame_alloc()
        defer {
            av_packet_free(&packet)
            av_frame_free(&frame)
        }
        try check(av_new_packet(packet, Int32(clamping: bytes.count)))
        bytes.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { packet?.pointee.data?.update(from: start, count: bytes.count) }
        }
        try check(avcodec_send_packet(codec, packet))
        try check(avcodec_send_packet(codec, nil))
        try check(avcodec_receive_frame(codec, frame))
        guard let frame, let bitmap = bitmap(frame) else {
            throw FilmError(place: path, reason: "has colours that cannot be converted", remedy: "make it a PNG")
        }
        return bitmap
    }

    private static func free(_ codec: inout UnsafeMutablePointer<AVCodecContext>) {
        var context: UnsafeMutablePointer<AVCodecContext>? = codec
        avcodec_free_context(&context)
    }

    /// Full-range YCbCr (JFIF) to RGB; nil where libav does not know the colours.
    private static func bitmap(_ frame: UnsafeMutablePointer<AVFrame>) -> Bitmap? {
        let (width, height) = (frame.pointee.width, frame.pointee.height)
        guard width > 0, height > 0,
            let scaler = sws_getContext(
                width, height, AVPixelFormat(rawValue: frame.pointee.format), width, height, AV_PIX_FMT_RGB24,
                SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT, nil, nil, nil),
            let table = sws_getCoefficients(SWS_CS_ITU601)
        else { return nil }
        defer { sws_freeContext(scaler) }
        sws_setColorspaceDetails(scaler, table, 1, table, 1, 0, 1 << 16, 1 << 16)
        // libav writes whole vectors, also beyond the last pixel of a row.
        let stride = (Int(width) * 3 + 63) / 64 * 64
        var padded = [UInt8](repeating: 0, count: stride * Int(height) + 64)
        let rows = padded.withUnsafeMutableBufferPointer { pixels in
            var target: [UnsafeMutablePointer<UInt8>?] = [pixels.baseAddress, nil, nil, nil]
            var strides: [Int32] = [Int32(stride), 0, 0, 0]
            return withUnsafeMutablePointer(to: &frame.pointee.data) { data in
                data.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 8) { planes in
                    withUnsafeMutablePointer(to: &frame.pointee.linesize) { sizes in
                        sizes.withMemoryRebound(to: Int32.self, capacity: 8) { lines in
                            sws_scale(scaler, planes, lines, 0, height, &target, &strides)
                        }
                    }
                }
            }
        }
        guard rows == height else { return nil }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(Int(width) * Int(height) * 3)
        for row in 0..<Int(height) { pixels += padded[row * stride..<row * stride + Int(width) * 3] }
        return Bitmap(width: Int(width), height: Int(height), pixels: pixels)
    }
}

extension Bitmap {
    /// Reads a photograph: a PNG, as `PNG` does, or a JPEG; told apart by how they begin.
    /// - Throws: `FilmError` naming the file.
    public static func reading(path: String) throws(FilmError) -> Bitmap {
        let bytes = try FilmError.from { () throws(DiskError) in
            try WholeFile.bytes(of: path, limit: PNG.maximumFileSize)
        }
        guard JPEG.isOne(bytes) || bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
            throw FilmError(place: path, reason: "is no picture, neither a PNG nor a JPEG")
        }
        return JPEG.isOne(bytes) ? try JPEG.decoded(bytes, path: path) : try PNG.read(path: path)
    }
}
