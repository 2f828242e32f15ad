import Networks

extension ONNXFixture {
    /// One of everything that a reader has to know: all kinds of attributes, all types of tensors, in all forms.
    public static var rich: ONNXFixture {
        var fixture = small
        fixture.producer = "tests and more"
        fixture.opsets = ["com.example": 3, "ai.onnx": 17]
        fixture.inputs = [
            Value("x", shape: [1, 3, nil, 224]), Value("w", shape: [2, 3, 1, 1]), Value("unshaped", shape: nil),
        ]
        fixture.nodes.append(
            Node(
                "Everything", name: "/a/b/Everything", domain: "com.example", inputs: ["y", "", "float16"],
                outputs: ["z", ""],
                [
                    "integer": .integer(-7), "float": .float(0.25), "string": .string("nearest"),
                    "tensor": .tensor(.integers("", [2], [-1, 4])), "integers": .integers([1, -1, .max, .min]),
                    "floats": .floats([0.5, -1]), "strings": .strings(["a", "é"]), "graph": .graph,
                ],
                metadata: ["namespace": "x", "pkg.torch.onnx.name_scopes": "['', 'layer1', 'relu_1']"]))
        let half: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7BFF]
        let brain: [UInt16] = [0x3F80, 0xC000, 0x0001, 0x7F7F]
        fixture.initializers += [
            Tensor("float_data", type: .float, [3], .floats([1, 2, -3])),
            Tensor("double", type: .double, [2], .raw(ProtobufWriter.littleEndian([0.1, -1e300 / 1e299]))),
            Tensor("double_data", type: .double, [2], .doubles([0.5, 2])),
            Tensor("float16", type: .float16, [4], .raw(ProtobufWriter.littleEndian(half))),
            Tensor("float16_data", type: .float16, [4], .integers32(half.map(Int.init))),
            Tensor("bfloat16", type: .bfloat16, [4], .raw(ProtobufWriter.littleEndian(brain))),
            Tensor("bfloat16_data", type: .bfloat16, [4], .integers32(brain.map(Int.init))),
            Tensor("int8", type: .int8, [2], .raw([0xFF, 5])),
            Tensor("int8_data", type: .int8, [2], .integers32([-1, 5])),
            Tensor("uint8", type: .uint8, [2], .raw([0xFF, 5])),
            Tensor("int16", type: .int16, [1], .raw([0xFE, 0xFF])),
            Tensor("uint16", type: .uint16, [1], .raw([0xFE, 0xFF])),
            Tensor("int32", type: .int32, [1], .raw([0xFE, 0xFF, 0xFF, 0xFF])),
            Tensor("int32_data", type: .int32, [2], .integers32([-2, 3])),
            Tensor("uint32", type: .uint32, [1], .raw([0xFE, 0xFF, 0xFF, 0xFF])),
            Tensor("uint32_data", type: .uint32, [1], .unsigned([4_294_967_295])),
            Tensor("int64", type: .int64, [2], .raw(ProtobufWriter.littleEndian([Int.min, 3]))),
            Tensor("int64_data", type: .int64, [2], .integers64([.min, 3])),
            Tensor("uint64", type: .uint64, [1], .raw(ProtobufWriter.littleEndian([Int.max]))),
            Tensor("uint64_data", type: .uint64, [2], .unsigned([.max, 0])),
            Tensor("bool", type: .bool, [3], .raw([0, 1, 2])),
            Tensor("bool_data", type: .bool, [2], .integers32([1, 0])),
            Tensor("strings", type: .string, [2], .strings(["a", "b"])),
            Tensor("complex", type: .complex64, [1], .raw([0, 0, 0, 0, 0, 0, 0, 0])),
            Tensor("complex_data", type: .complex64, [1], .floats([1, 2])),
            Tensor("small", typeNumber: 22, [3], .raw([0x12, 0x03])),
            Tensor("scalar", type: .float, [], .raw([0, 0, 128, 63])), Tensor("none", type: .float, [0, 4], .none),
        ]
        return fixture
    }

    /// The weights of `small` in a second file, `network.onnx.data`, whose bytes are `dataBesideSmall`.
    public static var external: ONNXFixture {
        var fixture = small
        fixture.initializers = [
            Tensor(
                "w", type: .float, [2, 3, 1, 1],
                .external(["location": "network.onnx.data", "offset": "3", "length": "24", "checksum": "x"])),
            Tensor("b", type: .float, [2], .external(["location": "network.onnx.data", "offset": "27"])),
        ]
        return fixture
    }

    public static var dataBesideSmall: [UInt8] {
        [1, 2, 3] + ProtobufWriter.littleEndian([1, 2, 0, 0, 0, 1, 0, -0.25] as [Float])
    }
}
