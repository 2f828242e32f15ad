import ConvNet

/// The thesis' own transformation robustness: the image itself is transformed before each step (section 3.4.5).
///
/// Pads symmetrically (the edge repeated), jitters, scales, rotates, jitters and crops the centre, all in one
/// resampling. It is bilinear if scale or angle need it, otherwise an integer shift. Owns its scratch: one per worker.
final class ImageMover {
    private let pad: Int
    private let warp: Warp
    private var padded: Image
    private var moved: Image

    init(height: Int, width: Int, pad: Int) {
        self.pad = pad
        padded = Image(height: height + 2 * pad, width: width + 2 * pad)
        moved = padded
        warp = Warp(height: padded.height, width: padded.width)
    }

    /// Transforms the image in place. Further out than `pad` pixels, the padded image is mirrored.
    func move(_ image: inout Image, by transform: Transform) {
        let (rows, columns) = (padded.height, padded.width)
        padded.pixels.withUnsafeMutableBufferPointer { padded in
            image.pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<rows {
                    let source = Border.symmetric(y - pad, image.height) * image.width
                    for x in 0..<columns {
                        let (from, to) = ((source + Border.symmetric(x - pad, image.width)) * 3, (y * columns + x) * 3)
                        for channel in 0..<3 { padded[to + channel] = pixels[from + channel] }
                    }
                }
            }
        }
        warp.apply(transform, to: padded, into: &moved)
        let row = image.width * Image.channelCount
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            moved.pixels.withUnsafeBufferPointer { moved in
                guard let pixels = pixels.baseAddress, let moved = moved.baseAddress else { return }
                for y in 0..<rows - 2 * pad {
                    (pixels + y * row).update(
                        from: moved + ((y + pad) * columns + pad) * Image.channelCount, count: row)
                }
            }
        }
    }
}
