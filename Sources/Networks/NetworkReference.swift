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
    public var isName: Bool { Self.isName(file) }

    public static func isName(_ file: String) -> Bool { !file.contains("/") && !file.hasSuffix(".onnx") }

    /// Labels change no image, only words beside it.
    public var withoutLabels: NetworkReference {
        NetworkReference(file, mean: mean, standardDeviation: standardDeviation)
    }

    /// The file's name without its folder: `mine.onnx`.
    public var fileName: String {
        file.split(separator: "/").last.map(String.init) ?? file
    }

    /// How pages and messages call the network, until they know better: the file's name without `.onnx`.
    public var shortName: String {
        fileName.hasSuffix(".onnx") ? String(fileName.dropLast(5)) : fileName
    }

    /// The same reference without folders: what it asks for is the same wherever it lies. The contents of the files are
    /// told apart by their digest.
    public var portable: NetworkReference {
        NetworkReference(fileName, mean: mean, standardDeviation: standardDeviation)
    }
}
