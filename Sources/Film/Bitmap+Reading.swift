import CFFmpeg
import Disk

extension Bitmap {
    /// No larger file is read as a picture.
    public static let maximumFileSize = PNG.maximumFileSize

    /// Reads a picture of any kind that libav knows, told by how it begins: see `decoding`.
    /// - Throws: `FilmError` naming the file.
    public static func reading(path: String) throws(FilmError) -> Bitmap { try reading(path: path) { $0 } }

    /// The same for one of whose picture something else is made at once, as in `decoding`.
    public static func reading<Result>(path: String, use: (Bitmap) -> Result) throws(FilmError) -> Result {
        let bytes = try FilmError.from { () throws(DiskError) in
            try WholeFile.bytes(of: path, limit: maximumFileSize)
        }
        return try decoding(bytes, path: path, use: use)
    }

    /// Decodes a picture: a PNG as `PNG` reads it, everything else through libav: of an animation the first picture,
    /// upright where EXIF says how it was taken, 8 bits of RGB, what is transparent on mid grey. No colour profile is
    /// applied.
    ///
    /// - Parameters:
    ///   - path: for messages.
    ///   - use: takes the picture. Of large ones there is one at a time, on whatever thread; so it keeps what it makes of
    ///     it, and not the picture.
    /// - Throws: `FilmError` naming the file; for one that is no picture, cut off, damaged or larger than 10^8 pixels.
    public static func decoding<Result>(
        _ bytes: [UInt8], path: String, use: (Bitmap) -> Result
    ) throws(FilmError) -> Result {
        FFmpegLog.listen()
        if PNG.isOne(bytes), let picture = try PNG.decoded(bytes, path: path) { return use(picture) }
        let turn = PictureTurn()
        defer { turn.end() }
        switch StillFormat(of: bytes) {
        case nil:
            throw FilmError(
                place: path, reason: bytes.isEmpty ? "is empty" : "is no picture that can be read",
                remedy: "JPEG, PNG, WebP, GIF, TIFF and BMP can")
        case .codec(AV_CODEC_ID_WEBP)? where StillFormat.isAnimatedWebP(bytes):
            throw FilmError(
                place: path, reason: "is an animated WebP, of which libav decodes no picture",
                remedy: "save its first picture")
        case .codec(let codec)?:
            let decoder = try StillDecoder(codec, path: path, turn: turn)
            try decoder.decode(bytes)
            return use(try picture(of: decoder, path))
        case .container(let format)?:
            return use(try picture(of: bytes, in: format, path, turn))
        }
    }

    private static func picture(of decoder: StillDecoder, _ path: String) throws(FilmError) -> Bitmap {
        guard let bitmap = Bitmap(decoder.frame, isFullRange: decoder.codecID == AV_CODEC_ID_MJPEG) else {
            throw FilmError(
                place: path, reason: "has colours that cannot be converted", remedy: "save it as JPEG or PNG")
        }
        return bitmap
    }

    private static func picture(
        of bytes: [UInt8], in input: UnsafePointer<AVInputFormat>, _ path: String, _ turn: PictureTurn
    ) throws(FilmError) -> Bitmap {
        let file = MemoryFile(bytes)
        var format = avformat_alloc_context()
        format?.pointee.pb = file.context
        guard format != nil, file.context != nil else { throw FilmError(place: path, reason: "found no memory") }
        // Nothing else is opened, whatever the file refers to.
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "none", 0)
        defer { av_dict_free(&options) }
        // Frees the context where it fails.
        try StillDecoder.check(avformat_open_input(&format, nil, input, &options), path)
        defer { avformat_close_input(&format) }
        return try withExtendedLifetime(file) { () throws(FilmError) in
            // Of an icon's sizes libav does not know which is the largest.
            let streams = (0..<Int(format?.pointee.nb_streams ?? 0)).compactMap { format?.pointee.streams[$0]?.pointee }
            let first = streams.firstIndex { $0.codecpar?.pointee.codec_type == AVMEDIA_TYPE_VIDEO }
            guard let format, let first, let parameters = streams[first].codecpar else {
                throw FilmError(place: path, reason: "has no picture")
            }
            let decoder = try StillDecoder(parameters.pointee.codec_id, parameters, path: path, turn: turn)
            // One picture is decoded whole: libav would look in it for where the next one begins.
            if input.pointee.name.map(String.init(cString:))?.hasSuffix("_pipe") == true {
                try decoder.decode(bytes)
            } else {
                try decoder.decode(format, stream: streams[first].index)
            }
            return try picture(of: decoder, path)
        }
    }
}
