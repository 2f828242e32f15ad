import CFFmpeg
import Disk
import Foundation

/// Writes an H.264 film: yuv420p, bt709, a constant frame rate, a key frame each second, the index in front
/// (faststart). The same frames give the same bytes: one thread, bit-exact flags.
///
/// The file appears under its name only when `finish()` has succeeded.
public final class VideoEncoder {
    private let path: String
    private let file: UnfinishedFile
    private let width: Int
    private let height: Int
    private var format: UnsafeMutablePointer<AVFormatContext>?
    private var codec: UnsafeMutablePointer<AVCodecContext>?
    private var frame: UnsafeMutablePointer<AVFrame>?
    private var packet: UnsafeMutablePointer<AVPacket>?
    private var scaler: OpaquePointer?
    private var stream: UnsafeMutablePointer<AVStream>?
    private var frameCount: Int64 = 0
    private var isFinished = false

    /// Constant rate factor: visually lossless for these pictures.
    private static let quality = "17"

    /// The features of the processor that x264 may use: only those that this program itself needs.
    ///
    /// With AVX-512, if a film is not a multiple of 128 pixels wide, x264 0.164 reads memory that it has not written
    /// (in the propagation of its macroblock tree), and the same frames give different bytes.
    #if arch(x86_64)
        private static let instructions: String? = "MMX2,SSE2Fast,LZCNT,SSSE3,SSE4.2,AVX,FMA3,BMI2,AVX2"
    #else
        private static let instructions: String? = nil
    #endif

    /// The largest side that x264 can encode. Checked here, since it could not even be given sizes beyond 32 bits.
    private static let maximumSide = 16_384

    /// - Parameter metadata: `title`, `comment` and the like.
    /// - Throws: `FilmError` for odd, empty or huge sizes, an unwritable path, an FFmpeg without libx264.
    public init(path: String, width: Int, height: Int, framesPerSecond: Int, metadata: [String: String] = [:])
        throws(FilmError)
    {
        self.path = path
        self.width = width
        self.height = height
        guard width > 0, height > 0, width % 2 == 0, height % 2 == 0 else {
            throw FilmError(place: path, reason: "a film of \(width)x\(height) pixels: yuv420p needs even sides")
        }
        guard max(width, height) <= VideoEncoder.maximumSide else {
            throw FilmError(
                place: path,
                reason: "a film of \(width)x\(height) pixels: at most \(VideoEncoder.maximumSide) a side")
        }
        guard (1...240).contains(framesPerSecond) else {
            throw FilmError(place: path, reason: "\(framesPerSecond) frames a second: expected 1...240")
        }
        // FFmpeg opens it by its name and writes to it.
        file = try FilmError.from { () throws(DiskError) in try UnfinishedFile(for: path) }
        FFmpegLog.listen()
        try open(framesPerSecond: Int32(framesPerSecond), metadata: metadata)
    }

    deinit {
        _ = close()
    }

    /// Adds a frame of the film's size.
    public func append(_ bitmap: Bitmap) throws(FilmError) {
        precondition(!isFinished, "the film is finished")
        guard bitmap.width == width, bitmap.height == height else {
            throw FilmError(
                place: path,
                reason: "a frame of \(bitmap.width)x\(bitmap.height) pixels in a film of \(width)x\(height)")
        }
        guard let frame, let scaler else { throw FilmError(place: path, reason: "the encoder is not open") }
        FFmpegLog.listen()
        try check(av_frame_make_writable(frame), "a frame cannot be written to")
        let rows = bitmap.pixels.withUnsafeBufferPointer { pixels in
            var source: [UnsafePointer<UInt8>?] = [pixels.baseAddress, nil, nil, nil]
            var strides: [Int32] = [Int32(width * 3), 0, 0, 0]
            return withUnsafeMutablePointer(to: &frame.pointee.data) { data in
                data.withMemoryRebound(to: UnsafeMutablePointer<UInt8>?.self, capacity: 8) { planes in
                    withUnsafeMutablePointer(to: &frame.pointee.linesize) { sizes in
                        sizes.withMemoryRebound(to: Int32.self, capacity: 8) { lines in
                            sws_scale(scaler, &source, &strides, 0, Int32(height), planes, lines)
                        }
                    }
                }
            }
        }
        try check(rows, "a frame's colours cannot be converted")
        frame.pointee.pts = frameCount
        frameCount += 1
        try encode(frame)
    }

    /// Flushes the encoder, writes the index and gives the file its name.
    public func finish() throws(FilmError) {
        precondition(!isFinished, "the film is finished")
        guard frameCount > 0 else { throw FilmError(place: path, reason: "a film needs at least one frame") }
        FFmpegLog.listen()
        try encode(nil)
        try check(av_write_trailer(format), "the film's end cannot be written")
        try check(close(), "the film cannot be written")
        try FilmError.from { () throws(DiskError) in try file.publish() }
        isFinished = true
    }

    private func open(framesPerSecond: Int32, metadata: [String: String]) throws(FilmError) {
        // Without the scheme, FFmpeg would take what stands before a colon in the path for one.
        let url = "file:" + (file.temporaryPath ?? file.path)
        try check(avformat_alloc_output_context2(&format, nil, "mp4", url), "the mp4 writer cannot be made")
        guard let format, let encoder = avcodec_find_encoder_by_name("libx264") else {
            throw FilmError(
                place: path, reason: "this FFmpeg has no libx264 encoder", remedy: "install Debian's libavcodec-dev")
        }
        guard let codec = avcodec_alloc_context3(encoder), let stream = avformat_new_stream(format, nil),
            let frame = av_frame_alloc(), let packet = av_packet_alloc()
        else { throw FilmError(place: path, reason: "out of memory") }
        (self.codec, self.stream, self.frame, self.packet) = (codec, stream, frame, packet)
        let timeBase = AVRational(num: 1, den: framesPerSecond)
        codec.pointee.width = Int32(width)
        codec.pointee.height = Int32(height)
        codec.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        codec.pointee.time_base = timeBase
        codec.pointee.framerate = AVRational(num: framesPerSecond, den: 1)
        codec.pointee.gop_size = framesPerSecond
        codec.pointee.thread_count = 1
        codec.pointee.color_range = AVCOL_RANGE_MPEG
        codec.pointee.colorspace = AVCOL_SPC_BT709
        codec.pointee.color_primaries = AVCOL_PRI_BT709
        codec.pointee.color_trc = AVCOL_TRC_BT709
        codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER
        format.pointee.flags |= AVFMT_FLAG_BITEXACT
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "preset", "medium", 0)
        av_dict_set(&options, "crf", VideoEncoder.quality, 0)
        if let instructions = VideoEncoder.instructions {
            av_dict_set(&options, "x264-params", "asm=\(instructions)", 0)
        }
        try check(avcodec_open2(codec, encoder, &options), "the H.264 encoder cannot be opened")
        try refuseLeftovers(options)

        stream.pointee.time_base = timeBase
        stream.pointee.avg_frame_rate = codec.pointee.framerate
        stream.pointee.r_frame_rate = codec.pointee.framerate
        try check(avcodec_parameters_from_context(stream.pointee.codecpar, codec), "the stream cannot be described")
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            av_dict_set(&format.pointee.metadata, key, value, 0)
        }
        try check(avio_open(&format.pointee.pb, url, AVIO_FLAG_WRITE), "the film cannot be created")
        var muxing: OpaquePointer?
        defer { av_dict_free(&muxing) }
        av_dict_set(&muxing, "movflags", "+faststart", 0)
        try check(avformat_write_header(format, &muxing), "the film's head cannot be written")
        try refuseLeftovers(muxing)
        try openFrame(frame)
    }

    /// The frame that pictures are converted into, and the conversion: full-range RGB to limited-range bt709.
    private func openFrame(_ frame: UnsafeMutablePointer<AVFrame>) throws(FilmError) {
        frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        frame.pointee.width = Int32(width)
        frame.pointee.height = Int32(height)
        try check(av_frame_get_buffer(frame, 0), "a frame cannot be allocated")
        scaler = sws_getContext(
            Int32(width), Int32(height), AV_PIX_FMT_RGB24, Int32(width), Int32(height), AV_PIX_FMT_YUV420P,
            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INP, nil, nil, nil)
        guard let scaler, let table = sws_getCoefficients(SWS_CS_ITU709) else {
            throw FilmError(place: path, reason: "the colour conversion cannot be made")
        }
        sws_setColorspaceDetails(scaler, table, 1, table, 0, 0, 1 << 16, 1 << 16)
    }

    private func encode(_ frame: UnsafeMutablePointer<AVFrame>?) throws(FilmError) {
        guard let codec, let packet, let stream else { throw FilmError(place: path, reason: "the encoder is not open") }
        try check(avcodec_send_frame(codec, frame), "a frame cannot be encoded")
        while true {
            let status = avcodec_receive_packet(codec, packet)
            if status == facetreel_averror(EAGAIN) || status == facetreel_averror_eof() { return }
            try check(status, "a frame cannot be encoded")
            packet.pointee.duration = 1
            av_packet_rescale_ts(packet, codec.pointee.time_base, stream.pointee.time_base)
            packet.pointee.stream_index = stream.pointee.index
            try check(av_interleaved_write_frame(format, packet), "the film cannot be written")
        }
    }

    /// Options that FFmpeg did not know stay in the dictionary.
    private func refuseLeftovers(_ options: OpaquePointer?) throws(FilmError) {
        guard av_dict_count(options) == 0 else {
            throw FilmError(
                place: path, reason: "this FFmpeg does not know an option of the film",
                remedy: "install Debian's libavcodec-dev 5.1 or later")
        }
    }

    private func check(_ status: Int32, _ what: String) throws(FilmError) {
        guard status < 0 else { return }
        // FFmpeg's own codes consist of four letters; as numbers they are far beyond those of the system.
        throw FilmError(
            place: path, reason: "\(what): \(FFmpegLog.reason(status))",
            remedy: status > -4096 ? "check that the folder exists, can be written and has space left" : "",
            cause: status > -4096 ? DiskError(.write, path, number: -status) : nil)
    }

    /// Frees everything. Returns the status of writing the file's last bytes: negative if they could not be written.
    private func close() -> Int32 {
        var status: Int32 = 0
        av_frame_free(&frame)
        av_packet_free(&packet)
        avcodec_free_context(&codec)
        sws_freeContext(scaler)
        scaler = nil
        if let format {
            status = avio_closep(&format.pointee.pb)
            avformat_free_context(format)
        }
        format = nil
        stream = nil
        return status
    }
}
