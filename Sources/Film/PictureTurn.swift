import Foundation

/// Large pictures are decoded one at a time, however many workers there are: one takes up to a gigabyte.
///
/// A turn ends on the thread on which it began.
final class PictureTurn {
    /// Pictures with more pixels than this are large.
    static let largePixelCount = 1 << 24
    private static let lock = NSLock()
    private var isTaken = false

    /// Waits until no other picture of this size is being decoded.
    func take() {
        guard !isTaken else { return }
        Self.lock.lock()
        isTaken = true
    }

    func end() {
        guard isTaken else { return }
        isTaken = false
        Self.lock.unlock()
    }
}
