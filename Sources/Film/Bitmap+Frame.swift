import CFFmpeg

extension Bitmap {
    /// A decoded frame as RGB of 8 bits, upright, what is transparent on mid grey; nil where libav does not know its
    /// colours. No colour profile is applied.
    ///
    /// - Parameter isFullRange: whether its brightness goes from 0 to 255, whatever it says of itself (JFIF).
    init?(_ frame: UnsafeMutablePointer<AVFrame>, isFullRange: Bool) {
        let format = AVPixelFormat(rawValue: frame.pointee.format)
        let (width, height) = (frame.pointee.width, frame.pointee.height)
        guard width > 0, height > 0, let kind = av_pix_fmt_desc_get(format)?.pointee else { return nil }
        let hasAlpha = kind.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0
        let isLuma = kind.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) == 0 && kind.nb_components >= 3
        let isFull = isFullRange || !isLuma || frame.pointee.color_range == AVCOL_RANGE_JPEG
        guard
            let scaler = sws_getContext(
                width, height, format, width, height, hasAlpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24,
                SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT, nil, nil, nil),
            let table = sws_getCoefficients(
                isFullRange ? SWS_CS_ITU601 : Int32(bitPattern: frame.pointee.colorspace.rawValue))
        else { return nil }
        defer { sws_freeContext(scaler) }
        sws_setColorspaceDetails(scaler, table, isFull ? 1 : 0, table, 1, 0, 1 << 16, 1 << 16)
        let channels = hasAlpha ? 4 : 3
        // libav writes whole vectors, also beyond the last pixel of a row.
        let stride = (Int(width) * channels + 63) / 64 * 64
        var padded = [UInt8](repeating: 0, count: stride * Int(height) + 64)
        let rows = padded.withUnsafeMutableBufferPointer { pixels in
            var target: [UnsafeMutablePointer<UInt8>?] = [pixels.baseAddress, nil, nil, nil]
            var strides: [Int32] = [Int32(clamping: stride), 0, 0, 0]
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
        let orientation = Orientation(of: frame)
        // Its memory is not needed beside that of the picture.
        av_frame_unref(frame)
        self = Bitmap(
            width: Int(width), height: Int(height),
            pixels: Self.packed(padded, Int(width), Int(height), stride: stride, channels: channels)
        ).turned(orientation)
    }

    /// Rows without what is between them, and without alpha, as `PNG` lays it on grey.
    private static func packed(
        _ padded: [UInt8], _ width: Int, _ height: Int, stride: Int, channels: Int
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
            padded.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    let (from, to) = (row * stride, row * width * 3)
                    guard channels == 4 else {
                        for index in 0..<width * 3 { target[to + index] = source[from + index] }
                        continue
                    }
                    for column in 0..<width {
                        let alpha = Int(source[from + column * 4 + 3])
                        for channel in 0..<3 {
                            let value = Int(source[from + column * 4 + channel])
                            target[to + column * 3 + channel] = UInt8(
                                (2 * value * alpha + 255 * (255 - alpha) + 255) / 510)
                        }
                    }
                }
            }
            count = width * height * 3
        }
    }
}
