import CFFmpeg
import Foundation

/// Bytes in memory as a file that libav reads: nothing on any disk is opened for it.
final class MemoryFile {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var context: UnsafeMutablePointer<AVIOContext>?

    private static let bufferSize = 1 << 15

    /// The context is nil where there is no memory.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard let buffer = av_malloc(Self.bufferSize) else { return }
        context = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0,
            Unmanaged.passUnretained(self).toOpaque(),
            { opaque, target, count in MemoryFile.of(opaque)?.read(target, count) ?? facetreel_averror_eof() }, nil,
            { opaque, offset, origin in MemoryFile.of(opaque)?.seek(offset, origin) ?? -1 })
        if context == nil { av_free(buffer) }
    }

    deinit {
        guard let context else { return }
        av_free(context.pointee.buffer)
        avio_context_free(&self.context)
    }

    private static func of(_ opaque: UnsafeMutableRawPointer?) -> MemoryFile? {
        opaque.map { Unmanaged<MemoryFile>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(_ target: UnsafeMutablePointer<UInt8>?, _ wanted: Int32) -> Int32 {
        let count = min(Int(wanted), bytes.count - position)
        guard count > 0, let target else { return facetreel_averror_eof() }
        bytes.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { target.update(from: start + position, count: count) }
        }
        position += count
        return Int32(count)
    }

    private func seek(_ offset: Int64, _ origin: Int32) -> Int64 {
        // Without the flag that only says how hard to try.
        let base: Int
        switch origin & ~AVSEEK_FORCE {
        case AVSEEK_SIZE: return Int64(bytes.count)
        case SEEK_SET: base = 0
        case SEEK_CUR: base = position
        case SEEK_END: base = bytes.count
        default: return -1
        }
        let (target, isTooFar) = Int64(base).addingReportingOverflow(offset)
        guard !isTooFar, (0...Int64(bytes.count)).contains(target) else { return -1 }
        position = Int(target)
        return target
    }
}
