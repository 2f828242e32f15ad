import CFFmpeg
import Foundation

/// FFmpeg's return codes say what failed, and its log says why. So errors are not printed, but kept for each thread.
enum FFmpegLog {
    private static let key = "facetreel.ffmpeg.log"
    /// Lines kept: the first ones name the cause.
    private static let lineLimit = 3

    private static let callback: Void = av_log_set_callback { context, level, format, arguments in
        // The upper bytes of a level hold a colour.
        guard level & 0xFF <= AV_LOG_ERROR, let arguments else { return }
        var line = [CChar](repeating: 0, count: 512)
        var printsPrefix: Int32 = 0
        av_log_format_line2(context, level, format, arguments, &line, Int32(line.count), &printsPrefix)
        let text = String(cCharacters: line).trimmingCharacters(in: .whitespacesAndNewlines)
        let lines = FFmpegLog.lines
        guard lines.count < FFmpegLog.lineLimit, !text.isEmpty, !lines.contains(text) else { return }
        Thread.current.threadDictionary[FFmpegLog.key] = lines + [text]
    }

    private static var lines: [String] { Thread.current.threadDictionary[key] as? [String] ?? [] }

    /// Forgets this thread's errors and listens from now on.
    static func listen() {
        _ = callback
        Thread.current.threadDictionary.removeObject(forKey: key)
    }

    /// Whether one of this thread's errors has some words in it.
    static func mentions(_ words: String) -> Bool { lines.contains { $0.contains(words) } }

    /// What failed, in FFmpeg's words: those of the return code, and those of this thread's log.
    static func reason(_ status: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        av_strerror(status, &buffer, buffer.count)
        return String(cCharacters: buffer) + (lines.isEmpty ? "" : " (\(lines.joined(separator: "; ")))")
    }
}
