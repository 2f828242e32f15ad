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
            users: "colors in -1...1: many that began in TensorFlow (about half of timm's tf_..., Keras' MobileNet)"),
        UsualNormalization(
            mean: [0, 0, 0], standardDeviation: [1, 1, 1],
            users: "colors in 0...1 as they are: the network normalizes them itself, or never did"),
    ]

    public static let usualGreyNormalizations = [
        UsualNormalization(mean: [0.5], standardDeviation: [0.5], users: "grey in -1...1"),
        UsualNormalization(mean: [0.1307], standardDeviation: [0.3081], users: "MNIST's own"),
        UsualNormalization(
            mean: [0], standardDeviation: [1],
            users: "grey in 0...1 as it is: the network normalizes it itself, or never did"),
    ]

    /// The usual normalizations as lines of a card, for people who have to choose; a line of text each.
    /// - Parameter channels: of the network's images; one if they are grey.
    public static func normalizationHelp(channels: Int = 3) -> [String] {
        let usual = channels == 1 ? usualGreyNormalizations : usualNormalizations
        let each = channels == 1 ? "the image, x being grey in 0...1" : "each color, x in 0...1"
        return ["The network sees (x - mean) / standardDeviation of \(each). Usual are:"]
            + usual.flatMap { ["  \($0.members)", "      \($0.users)"] } + [
                "Only what it was trained with is right; timm says it in model.pretrained_cfg[\"mean\"] and "
                    + "[\"std\"] (model.default_cfg before)."
            ]
    }
}

extension NetworkCard.UsualNormalization {
    /// `"mean": [0.5, 0.5, 0.5], "standardDeviation": [0.5, 0.5, 0.5]`
    var members: String {
        func list(_ values: [Double]) -> String {
            "[" + values.map { JSONValue.number($0).canonicalText }.joined(separator: ", ") + "]"
        }
        return "\"mean\": \(list(mean)), \"standardDeviation\": \(list(standardDeviation))"
    }
}
