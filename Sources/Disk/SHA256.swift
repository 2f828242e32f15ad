import CFFmpeg

/// SHA-256 (FIPS 180-4) through libavutil, which is linked anyway.
public enum SHA256 {
    /// 64 lowercase hexadecimal digits.
    public static func hexDigest(of bytes: some Sequence<UInt8>) -> String {
        let state = State()
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { state.update(UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(bytes).withUnsafeBytes { state.update($0) } }
        return state.finish()
    }

    /// The digest of what `feed` hands over, piece by piece.
    public static func hexDigest(
        feeding feed: (_ piece: (UnsafeRawBufferPointer) -> Void) throws -> Void
    ) rethrows -> String {
        let state = State()
        try feed { state.update($0) }
        return state.finish()
    }

    /// The digest of a regular file, read in pieces.
    public static func hexDigest(ofFile path: String) throws(DiskError) -> String {
        try hexDigest(of: OpenFile(path: path))
    }

    /// The digest of an open file, read in pieces.
    public static func hexDigest(of file: OpenFile) throws(DiskError) -> String {
        let state = State()
        try file.forEachPiece { piece in state.update(piece) }
        return state.finish()
    }

    /// libavutil's context, freed with the object.
    private final class State {
        private let context = av_sha_alloc()

        init() { av_sha_init(context, 256) }

        deinit { av_free(UnsafeMutableRawPointer(context)) }

        func update(_ bytes: UnsafeRawBufferPointer) {
            guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
            av_sha_update(context, start, bytes.count)
        }

        func finish() -> String {
            var digest = [UInt8](repeating: 0, count: 32)
            av_sha_final(context, &digest)
            return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
