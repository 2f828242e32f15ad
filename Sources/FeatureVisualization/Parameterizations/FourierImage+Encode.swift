import ConvNet

extension FourierImage {
    /// The spectrum of an image, its rgb clipped to .02....98.
    ///
    /// z = rfft2(4 C^-1 logit(rgb)) / s. `pullBack` is such a transform up to factors, which are undone here.
    func encode(_ image: Image) -> [Float] {
        precondition(image.height == height && image.width == width, "sizes agree")
        // At a grey image pullBack takes C^T g / 2 to the spectrum; with g = 8 (C C^T)^-1 logit that is 4 C^-1 logit.
        var source = image
        for pixel in 0..<height * width {
            let logits = ColorCorrelation.logits(of: image, at: pixel)
            for channel in 0..<3 {
                let row = inverseColors[channel]
                source.pixels[3 * pixel + channel] = Float(
                    8 * (row[0] * logits[0] + row[1] * logits[1] + row[2] * logits[2]))
            }
        }
        var result = [Float](repeating: 0, count: parameterCount)
        pullBack(&source, at: Image(height: height, width: width), into: &result)
        // pullBack has multiplied its sums by s n / (4 height width), n being how often the frequency occurs. Wanted: 4
        // / (s n).
        let scales = scale.values(height: height, width: width)
        for index in result.indices {
            let scale = scales[index % scales.count]
            let count = FourierImage.occurrences(of: index % halfWidth, width: width)
            result[index] = Float(Double(result[index]) * Double(4 * height * width) / (scale * scale * count))
        }
        return result
    }
}
