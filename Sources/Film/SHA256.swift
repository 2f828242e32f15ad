import CFFmpeg
import Foundation

/// SHA-256 through libavutil, which is linked anyway.
public enum SHA256 {
    /// 64 lowercase hexadecimal digits.
    public static func hexDigest(of bytes: some Sequence<UInt8>) -> String {
        let state = State()
        state.update(Array(bytes))
        return state.finish()
    }

    /// The digest of a file, read in pieces.
    /// - Throws: `FilmError` naming the file.
    public static func hexDigest(ofFile path: String) throws(FilmError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw FilmError(place: path, reason: "cannot be opened for reading")
        }
        defer { try? file.close() }
        let state = State()
        do {
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { state.update(Array(piece)) }
        } catch {
            throw FilmError(place: path, reason: "cannot be read: \(error.localizedDescription)")
        }
        return state.finish()
    }

    /// libavutil's context, freed with the object.
    private final class State {
        private let context = av_sha_alloc()

        init() { av_sha_init(context, 256) }

        deinit { av_free(UnsafeMutableRawPointer(context)) }

        func update(_ bytes: [UInt8]) { av_sha_update(context, bytes, bytes.count) }

        func finish() -> String {
            var digest = [UInt8](repeating: 0, count: 32)
            av_sha_final(context, &digest)
            return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
