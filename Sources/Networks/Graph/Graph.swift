/// A network at one image size in normal form: every shape is known, constants are folded, and each node makes one map
/// `[channels, height, width]` from maps before it.
public struct Graph: Sendable {
    public struct Node: Sendable {
        public var operation: Operation
        /// Values: 0 is the image, i + 1 what node i makes. All before this node.
        public var inputs: [Int]
        /// Of the output.
        public var shape: MapShape
        /// The name that messages and profiles have for it: the ONNX tensor that it makes.
        public var name: String

        public init(_ operation: Operation, inputs: [Int], shape: MapShape, name: String) {
            self.operation = operation
            self.inputs = inputs
            self.shape = shape
            self.name = name
        }
    }

    /// The image as the network sees it, normalized; 1 or 3 channels.
    public let image: MapShape
    public private(set) var nodes: [Node] = []

    public init(image: MapShape) {
        self.image = image
    }

    /// Values: the image and the output of each node.
    public var valueCount: Int { nodes.count + 1 }

    public func shape(of value: Int) -> MapShape { value == 0 ? image : nodes[value - 1].shape }

    /// Adds a node and returns its value.
    public mutating func add(_ operation: Operation, _ inputs: [Int], shape: MapShape, name: String) -> Int {
        precondition(inputs.allSatisfy { (0..<valueCount).contains($0) }, "a node reads what is before it")
        nodes.append(Node(operation, inputs: inputs, shape: shape, name: name))
        return nodes.count
    }
}
