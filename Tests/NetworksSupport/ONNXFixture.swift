import Foundation
import Networks

/// An ONNX file for tests, small and written by hand: whatever a test puts into it, right or wrong, is written.
///
///     var fixture = ONNXFixture()
///     fixture.inputs = [.init("x", shape: [1, 3, nil, nil])]
///     fixture.initializers = [.floats("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6])]
///     fixture.nodes = [.init("Conv", inputs: ["x", "w"], outputs: ["y"], ["kernel_shape": .integers([1, 1])])]
///     fixture.outputs = [.init("y", shape: nil)]
///     let model = try ONNXModel(path: fixture.write())
public struct ONNXFixture {
    public struct Value {
        public var name: String
        public var type: ONNXType
        /// Nil as a whole: the file gives no shape; nil for one dimension: a symbol.
        public var shape: [Int?]?

        public init(_ name: String, type: ONNXType = .float, shape: [Int?]?) {
            self.name = name
            self.type = type
            self.shape = shape
        }
    }

    public struct Node {
        public var type: String
        public var name: String
        public var domain: String
        public var inputs: [String]
        public var outputs: [String]
        /// In this order.
        public var attributes: [(name: String, value: Attribute)]
        public var metadata: KeyValuePairs<String, String>

        public init(
            _ type: String, name: String = "", domain: String = "", inputs: [String], outputs: [String],
            _ attributes: KeyValuePairs<String, Attribute> = [:], metadata: KeyValuePairs<String, String> = [:]
        ) {
            self.type = type
            self.name = name
            self.domain = domain
            self.inputs = inputs
            self.outputs = outputs
            self.attributes = attributes.map { (name: $0.key, value: $0.value) }
            self.metadata = metadata
        }
    }

    public enum Attribute {
        case integer(Int)
        case float(Float)
        case string(String)
        case tensor(Tensor)
        case integers([Int])
        case floats([Float])
        case strings([String])
        /// A subgraph with nothing in it.
        case graph
        /// The fields of an AttributeProto behind its name.
        case raw([UInt8])
    }

    public struct Tensor {
        /// Where a tensor's values are: `raw_data`, one of the typed lists, or another file.
        public enum Values {
            case raw([UInt8])
            case floats([Float])
            case integers32([Int])
            case integers64([Int])
            case unsigned([Int])
            case doubles([Double])
            case strings([String])
            /// The entries of `external_data`.
            case external(KeyValuePairs<String, String>)
            case none
        }

        public var name: String
        public var type: Int
        public var shape: [Int]
        public var values: Values

        public init(_ name: String, type: ONNXType, _ shape: [Int], _ values: Values) {
            self.init(name, typeNumber: type.rawValue, shape, values)
        }

        public init(_ name: String, typeNumber: Int, _ shape: [Int], _ values: Values) {
            self.name = name
            type = typeNumber
            self.shape = shape
            self.values = values
        }

        /// In `raw_data`.
        public static func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> Tensor {
            Tensor(name, type: .float, shape, .raw(ProtobufWriter.littleEndian(values)))
        }

        /// int64 in `raw_data`.
        public static func integers(_ name: String, _ shape: [Int], _ values: [Int]) -> Tensor {
            Tensor(name, type: .int64, shape, .raw(ProtobufWriter.littleEndian(values)))
        }
    }

    public var irVersion = 8
    public var opsets: KeyValuePairs<String, Int> = ["": 17]
    public var producer = "tests"
    public var nodes: [Node] = []
    public var initializers: [Tensor] = []
    public var inputs: [Value] = []
    public var outputs: [Value] = []
    /// Lists of numbers in one piece, as all libraries write them, or one by one.
    public var isPacked = true
    /// Fields that are written behind all others of the graph and of the model.
    public var moreOfGraph: [UInt8] = []
    public var moreOfModel: [UInt8] = []

    public init() {}

    /// A convolution of 1x1 from 3 to 2 channels, and a ReLU: `y`.
    public static var small: ONNXFixture {
        var fixture = ONNXFixture()
        fixture.inputs = [Value("x", shape: [1, 3, nil, nil])]
        fixture.initializers = [.floats("w", [2, 3, 1, 1], [1, 2, 0, 0, 0, 1]), .floats("b", [2], [0, -0.25])]
        fixture.nodes = [
            Node(
                "Conv", name: "/conv/Conv", inputs: ["x", "w", "b"], outputs: ["c"],
                ["kernel_shape": .integers([1, 1]), "group": .integer(1), "auto_pad": .string("NOTSET")]),
            Node("Relu", name: "/relu/Relu", inputs: ["c"], outputs: ["y"]),
        ]
        fixture.outputs = [Value("y", shape: [1, 2, nil, nil])]
        return fixture
    }

    /// Writes the file into a folder, or into a new one, which is there until the tests end.
    /// - Returns: its path.
    public func write(into folder: String? = nil, name: String = "network.onnx") throws -> String {
        let folder = try folder ?? Self.makeFolder()
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// Makes a folder that is there until the tests end.
    public static func makeFolder() throws -> String {
        let folder = "\(allFolders)/\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Holds all folders of this process and goes with it: a run of the tests makes hundreds.
    private static let allFolders: String = {
        atexit { try? FileManager.default.removeItem(atPath: ONNXFixture.allFolders) }
        return FileManager.default.temporaryDirectory
            .appendingPathComponent("facetreel-networks-\(UInt64.random(in: 0...UInt64.max))").path
    }()
}
