/// Floats on a cache line's boundary, zero at first; freed with the object.
///
/// The engine's only allocation: made once per network or evaluator, never in a step.
final class AlignedBuffer: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let count: Int

    /// A buffer of `count` floats (at least one lane, so that `base` is always valid).
    init(count: Int) {
        self.count = count
        let bytes = max(count, laneWidth) * MemoryLayout<Float>.stride
        base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }

    deinit { base.deallocate() }

    var floats: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count)
    }
}
