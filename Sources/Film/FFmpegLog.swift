import CFFmpeg
import Foundation

/// FFmpeg's return codes say what failed, its log says why: errors are kept, a thread each, instead of printed.
enum FFmpegLog {
    private static let key = "facetreel.ffmpeg.log"

    /// Forgets this thread's last error and listens from now on.
    static func capture() {
        Thread.current.threadDictionary.removeObject(forKey: key)
        av_log_set_callback { context, level, format, arguments in
            guard level <= AV_LOG_ERROR, let arguments else { return }
            var line = [CChar](repeating: 0, count: 512)
            var printsPrefix: Int32 = 0
            av_log_format_line2(context, level, format, arguments, &line, Int32(line.count), &printsPrefix)
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            Thread.current.threadDictionary[FFmpegLog.key] = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// This thread's last error, or nothing.
    static var lastError: String { Thread.current.threadDictionary[key] as? String ?? "" }
}
