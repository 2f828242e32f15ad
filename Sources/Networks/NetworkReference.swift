/// How a manifest or a command names a network, and what it says of it that the card does not.
public struct NetworkReference: Sendable, Hashable {
    /// A name (`mobilenet_v2`), which is looked up among the networks that are at hand, or a path.
    public var file: String
    public var mean: [Double]?
    public var standardDeviation: [Double]?
    /// The path of a text file with one name a line.
    public var labels: String?

    public init(
        _ file: String, mean: [Double]? = nil, standardDeviation: [Double]? = nil, labels: String? = nil
    ) {
        self.file = file
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.labels = labels
    }

    /// The network of manifests that name none.
    public static let standard = NetworkReference("mobilenet_v2")

    /// A name has no slash and does not end in `.onnx`.
    public var isName: Bool { !file.contains("/") && !file.hasSuffix(".onnx") }
}
