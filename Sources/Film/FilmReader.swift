import CFFmpeg

/// A film file, opened through libav as a player would, and the packets of its picture.
final class FilmReader {
    let path: String
    let stream: UnsafeMutablePointer<AVStream>
    private let index: Int32
    private var format: UnsafeMutablePointer<AVFormatContext>?
    private var packet: UnsafeMutablePointer<AVPacket>?

    /// - Throws: `FilmError` if the file is no film or has no picture.
    init(path: String) throws(FilmError) {
        guard !path.utf8.contains(0) else { throw FilmError(place: path, reason: "has a zero in its name") }
        FFmpegLog.listen()
        // Nothing but this file is opened, whatever it claims to refer to.
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        defer { av_dict_free(&options) }
        var format: UnsafeMutablePointer<AVFormatContext>?
        var (stream, index): (UnsafeMutablePointer<AVStream>?, Int32) = (nil, -1)
        do throws(FilmError) {
            try Self.check(
                avformat_open_input(&format, "file:" + path, nil, &options), "cannot be opened as a film", path)
            try Self.check(avformat_find_stream_info(format, nil), "has no readable streams", path)
            index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
            stream = index >= 0 ? format?.pointee.streams[Int(index)] : nil
        } catch {
            avformat_close_input(&format)
            throw error
        }
        guard let stream else {
            avformat_close_input(&format)
            throw FilmError(place: path, reason: "has no picture")
        }
        (self.path, self.stream, self.index, self.format) = (path, stream, index, format)
        packet = av_packet_alloc()
    }

    deinit {
        av_packet_free(&packet)
        avformat_close_input(&format)
    }

    /// Calls `body` with each packet of the picture, to the film's end.
    /// - Throws: `FilmError` if it breaks off; what `body` throws.
    func forEachPacket(_ body: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
        var count = 0
        while true {
            let status = av_read_frame(format, packet)
            if status == facetreel_averror_eof() { return }
            try check(status, "breaks off after frame \(count)")
            defer { av_packet_unref(packet) }
            guard let packet, packet.pointee.stream_index == index else { continue }
            count += 1
            guard packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else {
                throw FilmError(place: path, reason: "breaks off within frame \(count)")
            }
            try body(packet)
        }
    }

    /// Throws an error if libav reports one.
    func check(_ status: Int32, _ what: String) throws(FilmError) { try Self.check(status, what, path) }

    private static func check(_ status: Int32, _ what: String, _ path: String) throws(FilmError) {
        guard status < 0 else { return }
        throw FilmError(place: path, reason: "\(what): \(FFmpegLog.reason(status))")
    }
}
