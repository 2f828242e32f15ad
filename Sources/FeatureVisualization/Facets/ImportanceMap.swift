import ConvNet

/// Where in an image its unit looks, as a soft mask (`FacetOptimizer.importance`).
public enum ImportanceMap {
    /// Values above this share of all count as the highest. A class shows one thing, an inner unit many small ones (VITAL,
    /// Görgün et al., 2025).
    private static let (shareOfClasses, shareOfOthers) = (0.98, 0.95)

    /// The mask, `[height, width]` in 0...1, smoothed so that it hides no outlines.
    /// - Parameters:
    ///   - importance: sums of absolute gradients, `[height, width]`.
    ///   - isLogits: whether the unit is a class.
    public static func mask(_ importance: [Float], height: Int, width: Int, isLogits: Bool) -> [Float] {
        precondition(importance.count == height * width, "the map has the image's size")
        guard importance.allSatisfy(\.isFinite) else { return [Float](repeating: 0, count: importance.count) }
        let sorted = importance.sorted()
        let share = isLogits ? shareOfClasses : shareOfOthers
        let highest = sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)]
        guard highest > 0 else { return [Float](repeating: 0, count: importance.count) }
        var image = Image(height: height, width: width)
        for place in importance.indices {
            let value = min(importance[place] / highest, 1)
            for channel in 0..<3 { image.pixels[3 * place + channel] = value }
        }
        // A sixtieth of the image.
        let sigma = Double(max(height, width)) / 60
        let kernel = min(2 * Int((3 * sigma).rounded(.up)) + 1, min(height, width) / 2 * 2 - 1)
        let soft = GaussianBlur.filter(image, kernel: kernel, sigma: sigma)
        let mask = importance.indices.map { soft.pixels[3 * $0] }
        let peak = mask.max() ?? 0
        return peak > 0 ? mask.map { min(max($0 / peak, 0), 1) } : mask
    }
}
