import Disk

/// What an ONNX file says, before anything is made of it: nodes, constants, inputs, outputs. (The ONNX specification,
/// onnx.proto; names are the file's own.)
public struct ONNXModel: Sendable {
    /// Path of the file, as it was given.
    public var path: String
    public var irVersion: Int
    /// The version of the standard operators (domain "" or "ai.onnx"). 7 or later.
    public var opset: Int
    /// The program that wrote the file: `pytorch 2.15`.
    public var producer: String
    /// In the order of the file.
    public var nodes: [ONNXNode]
    /// The constants of the graph, by name.
    public var initializers: [String: ONNXTensor]
    /// The inputs that are no constants.
    public var inputs: [ONNXValue]
    public var outputs: [ONNXValue]
    /// The file, and behind it those beside it that hold weights; none where the model was not read from a file.
    public internal(set) var files: [OpenFile] = []

    public init(
        path: String, irVersion: Int, opset: Int, producer: String, nodes: [ONNXNode],
        initializers: [String: ONNXTensor], inputs: [ONNXValue], outputs: [ONNXValue]
    ) {
        self.path = path
        self.irVersion = irVersion
        self.opset = opset
        self.producer = producer
        self.nodes = nodes
        self.initializers = initializers
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// An input or output of the graph.
public struct ONNXValue: Sendable, Equatable {
    public var name: String
    public var type: ONNXType
    /// One entry a dimension; nil where it is a symbol or not said. Nil as a whole where the file gives no shape.
    public var shape: [Int?]?

    public init(name: String, type: ONNXType, shape: [Int?]?) {
        self.name = name
        self.type = type
        self.shape = shape
    }
}

/// One operator of the graph.
public struct ONNXNode: Sendable {
    /// May be empty.
    public var name: String
    /// `Conv`
    public var type: String
    /// Empty for the standard operators.
    public var domain: String
    /// An empty name is an optional input that is left out.
    public var inputs: [String]
    public var outputs: [String]
    public var attributes: [String: ONNXAttribute]
    /// `metadata_props`: PyTorch's new exporter keeps the path of the module here.
    public var metadata: [String: String]

    public init(
        name: String, type: String, domain: String = "", inputs: [String], outputs: [String],
        attributes: [String: ONNXAttribute] = [:], metadata: [String: String] = [:]
    ) {
        self.name = name
        self.type = type
        self.domain = domain
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
        self.metadata = metadata
    }

    /// How messages call it: `node "/layer1/conv1/Conv" (Conv)`, by its first output where it has no name.
    public var label: String {
        let shown = name.isEmpty ? outputs.first ?? "" : name
        // Bounded like the name: a damaged file may have an operator of thousands of characters.
        let operation = (domain.isEmpty ? type : "\(domain).\(type)").prefix(120)
        return "node \(shown.quoted) (\(String(operation).printable))"
    }
}

public enum ONNXAttribute: Sendable {
    case integer(Int)
    case float(Float)
    case string(String)
    case tensor(ONNXTensor)
    case integers([Int])
    case floats([Float])
    case strings([String])
    /// A subgraph, a sparse tensor or another kind that no operator here has.
    case other(String)
}

/// The types of tensors, by ONNX's numbers.
public enum ONNXType: Int, Sendable {
    case undefined = 0
    case float = 1
    case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64, complex64, complex128,
        bfloat16
    /// Types that came later (float8 and smaller).
    case other = 1000

    /// The word of the specification: `float16`.
    public var name: String {
        switch self {
        case .undefined: "undefined"
        case .float: "float"
        case .uint8: "uint8"
        case .int8: "int8"
        case .uint16: "uint16"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .string: "string"
        case .bool: "bool"
        case .float16: "float16"
        case .double: "double"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .complex64: "complex64"
        case .complex128: "complex128"
        case .bfloat16: "bfloat16"
        case .other: "a type of fewer than 16 bits"
        }
    }
}

/// A constant of the file. Its values stay in the file until they are asked for.
public struct ONNXTensor: Sendable {
    public var name: String
    public var type: ONNXType
    /// All at least 0; the product does not overflow and fits the contents.
    public var shape: [Int]
    public var contents: Contents
    /// The network file, for messages.
    public var path: String

    public enum Contents: Sendable {
        /// Little-endian values from a byte of a file on.
        case file(OpenFile, offset: Int)
        /// float_data and double_data in pieces, already as floats.
        case floats([Float])
        /// int32_data (also of types of 16 bits: their bits), int64_data and uint64_data (its bits).
        case integers([Int])
    }

    public init(name: String, type: ONNXType, shape: [Int], contents: Contents, path: String = "") {
        self.name = name
        self.type = type
        self.shape = shape
        self.contents = contents
        self.path = path
    }

    /// The number of values.
    public var count: Int { shape.reduce(1, *) }
}
