import Networks

/// How a network sees the pixels of an image: each of its channels is `scale * pixel + shift` of one color, or for a
/// network of grey images of the mean of the three.
struct ImageInput: Sendable, Equatable {
    /// 1 or 3.
    let channels: Int
    /// The color (red, green, blue) that each of the network's channels is.
    let colors: [Int]
    /// For each channel, from pixels in -1...1.
    let scale: [Float]
    let shift: [Float]

    /// - Parameter mean, standardDeviation: of colors in 0...1, in the network's order of channels, one each.
    init(mean: [Double], standardDeviation: [Double], colorOrder: NetworkCard.ColorOrder) {
        channels = mean.count
        colors = colorOrder == .bgr && mean.count == 3 ? [2, 1, 0] : [0, 1, 2]
        scale = standardDeviation.map { Float(0.5 / $0) }
        shift = zip(mean, standardDeviation).map { Float((0.5 - $0) / $1) }
    }
}
