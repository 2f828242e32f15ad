import JSON

extension NetworkCard {
    /// How images are usually normalized: what a network sees is (x - mean) / deviation, x in 0...1.
    public struct UsualNormalization: Sendable {
        public let mean: [Double]
        public let standardDeviation: [Double]
        /// Which networks have it.
        public let users: String
    }

    public static let usualNormalizations = [
        UsualNormalization(
            mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225],
            users: "ImageNet's own: nearly all networks of torchvision, most of timm"),
        UsualNormalization(
            mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5],
            users: "colors in -1...1: networks that began in TensorFlow (timm's tf_..., Inception, Keras' MobileNet)"),
        UsualNormalization(
            mean: [0, 0, 0], standardDeviation: [1, 1, 1],
            users: "colors in 0...1 as they are: the network normalizes them itself, or never did"),
    ]

    /// The three usual normalizations as lines of a card, for people who have to choose.
    public static var normalizationHelp: String {
        let lines = usualNormalizations.map { usual in
            "  \(members(usual))\n      \(usual.users)\n"
        }
        return "The network sees (x - mean) / standardDeviation of each color, x in 0...1. Usual are:\n"
            + lines.joined()
    }

    private static func members(_ usual: UsualNormalization) -> String {
        func list(_ values: [Double]) -> String {
            "[" + values.map { JSONValue.number($0).canonicalText }.joined(separator: ", ") + "]"
        }
        return "\"mean\": \(list(usual.mean)), \"standardDeviation\": \(list(usual.standardDeviation))"
    }
}
