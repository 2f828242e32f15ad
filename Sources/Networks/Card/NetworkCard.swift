/// What a network file does not say of its network, and its user knows: how the image is normalized, what the logits
/// mean, which layers belong together. It lies beside the file as `<name>.json`; a manifest can say the same.
public struct NetworkCard: Sendable, Equatable {
    public enum ColorOrder: String, Sendable {
        case rgb = "RGB"
        case bgr = "BGR"
    }

    /// Layers that a manifest can ask for by one word.
    public struct Selection: Sendable, Equatable {
        public var name: String
        /// Names of layers, or patterns with `*` and `?`.
        public var layers: [String]

        public init(name: String, layers: [String]) {
            self.name = name
            self.layers = layers
        }
    }

    /// How pages call the network; nil: the file's name.
    public var name: String?
    /// The network sees (x - mean) / standardDeviation of each color, x in 0...1, in the network's color order; three
    /// numbers each, or one for a grey image. Nil where the card does not say.
    public var mean: [Double]?
    public var standardDeviation: [Double]?
    public var colorOrder: ColorOrder?
    /// The image size that the network was trained with, for costs and messages.
    public var height: Int?
    public var width: Int?
    /// One name a logit.
    public var labels: [String]?
    /// The name of the text file beside the card that has the labels; nil where the card itself lists them, or none.
    public var labelsFile: String?
    public var selections: [Selection] = []
    /// The layers whose outputs make the perceptual distance, from edges to parts; empty: chosen by depth.
    public var perceptualLayers: [String] = []
    /// The layers that `bench` measures; empty: chosen by cost.
    public var benchmarkLayers: [String] = []
    /// The layer of the band whose steps `bench` times.
    public var standardLayer: String?
    public var source: String?
    public var licence: String?
    /// Of the network file, in hexadecimal digits.
    public var sha256: String?

    public init() {}

    /// Is there all that rendering needs?
    public var isComplete: Bool { mean != nil && standardDeviation != nil }
}
