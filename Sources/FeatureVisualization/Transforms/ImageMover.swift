import ConvNet

/// The thesis' own transformation robustness: the image itself is transformed before each step (section 3.4.5).
///
/// Pad symmetrically (the edge repeated), jitter, scale, rotate, jitter, crop the centre. As one resampling: bilinear
/// where scale or angle ask for it, an integer shift otherwise.
enum ImageMover {
    /// The image after `transform`; what lies further out than `pad` pixels repeats the padded image's edge.
    static func move(_ image: Image, by transform: Transform, pad: Int) -> Image {
        let padded = ImageMover.padded(image, by: pad)
        var moved = padded
        Warp(transform, height: padded.height, width: padded.width).apply(padded, into: &moved)
        return crop(moved, by: pad)
    }

    /// Symmetric padding: ... 2 1 0 | 0 1 2 ...
    private static func padded(_ image: Image, by pad: Int) -> Image {
        var result = Image(height: image.height + 2 * pad, width: image.width + 2 * pad)
        for y in 0..<result.height {
            let row = symmetric(y - pad, image.height)
            for x in 0..<result.width {
                let source = (row * image.width + symmetric(x - pad, image.width)) * 3
                for channel in 0..<3 { result.pixels[(y * result.width + x) * 3 + channel] = image.pixels[source + channel] }
            }
        }
        return result
    }

    private static func crop(_ image: Image, by pad: Int) -> Image {
        let (height, width) = (image.height - 2 * pad, image.width - 2 * pad)
        var result = Image(height: height, width: width)
        for y in 0..<height {
            let source = ((y + pad) * image.width + pad) * 3
            for index in 0..<width * 3 { result.pixels[y * width * 3 + index] = image.pixels[source + index] }
        }
        return result
    }

    private static func symmetric(_ index: Int, _ count: Int) -> Int {
        let period = 2 * count
        let folded = ((index % period) + period) % period
        return folded < count ? folded : period - 1 - folded
    }
}
