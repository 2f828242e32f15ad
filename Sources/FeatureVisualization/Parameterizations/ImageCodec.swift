import ConvNet

/// Makes images of numbers, and carries images and gradients back to them.
///
/// May own scratch: one per worker.
protocol ImageCodec {
    /// Told, again and again or once, how many rows of an image, which it is shown, are finished; in the end, all of them.
    typealias RowObserver = (Int, UnsafePointer<Float>) -> Void

    /// The image of some numbers, `[height, width, channel]` in -1...1.
    func decode(_ numbers: [Float], into image: inout Image)

    /// The same for a caller that goes on with rows while they are near the processor. Unless said, all come at once.
    func decode(_ numbers: [Float], into image: inout Image, whenFinished: RowObserver)

    /// The adjoint of `decode`'s derivative at `image`, which it decoded: a gradient by the image becomes a gradient by the
    /// numbers.
    /// - Parameter gradient: used up.
    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float])

    /// The same, of a gradient that `produce` makes, and whose rows can be taken on as soon as they are there. Unless said,
    /// all are taken at the end.
    func pullBack(
        _ gradient: inout Image, at image: Image, into result: inout [Float],
        produce: (inout Image, RowObserver) -> Void)

    /// The numbers whose image comes nearest to `image`.
    func encode(_ image: Image) -> [Float]
}

extension ImageCodec {
    func decode(_ numbers: [Float], into image: inout Image, whenFinished: RowObserver) {
        decode(numbers, into: &image)
        image.pixels.withUnsafeBufferPointer { pixels in
            if let base = pixels.baseAddress { whenFinished(image.height, base) }
        }
    }

    func pullBack(
        _ gradient: inout Image, at image: Image, into result: inout [Float],
        produce: (inout Image, RowObserver) -> Void
    ) {
        produce(&gradient) { _, _ in }
        pullBack(&gradient, at: image, into: &result)
    }
}
