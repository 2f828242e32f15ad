import ConvNet

/// Makes images of numbers, and takes images and gradients back to the numbers.
///
/// May own scratch: one per worker.
protocol ImageCodec {
    /// Called once or several times with the number of finished rows of an image, and with the image; at last for all
    /// rows.
    typealias RowObserver = (Int, UnsafePointer<Float>) -> Void

    /// The image of some numbers, `[height, width, channel]` in -1...1.
    func decode(_ numbers: [Float], into image: inout Image)

    /// The same, for a caller that works on rows while they are still in the caches. By default, all rows come at once.
    func decode(_ numbers: [Float], into image: inout Image, whenFinished: RowObserver)

    /// The adjoint of the derivative of `decode`, at the `image` that it decoded last: a gradient by the image becomes
    /// a gradient by the numbers.
    /// - Parameter gradient: overwritten.
    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float])

    /// The same, for a gradient that `produce` makes. Its rows can be processed as soon as they are complete; by
    /// default, all are processed at the end.
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
