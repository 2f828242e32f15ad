import Disk
import Foundation
import Networks
import NetworksSupport
import Testing

/// What is in a file is what the model says.
@Suite struct ONNXReaderTests {
    private func read(_ fixture: ONNXFixture) throws -> ONNXModel { try ONNXModel(path: fixture.write()) }

    @Test(arguments: [true, false])
    func `nodes, attributes and constants are those of the file, packed or not`(isPacked: Bool) throws {
        var fixture = ONNXFixture.rich
        fixture.isPacked = isPacked
        let model = try read(fixture)
        #expect(model.irVersion == 8 && model.opset == 17 && model.producer == "tests and more")
        #expect(model.nodes.map(\.type) == ["Conv", "Relu", "Everything"])
        let conv = model.nodes[0]
        #expect(conv.name == "/conv/Conv" && conv.domain == "" && conv.inputs == ["x", "w", "b"])
        #expect(conv.outputs == ["c"] && conv.metadata.isEmpty)
        let node = model.nodes[2]
        #expect(node.domain == "com.example" && node.inputs == ["y", "", "float16"] && node.outputs == ["z", ""])
        #expect(node.metadata == ["pkg.torch.onnx.name_scopes": "['', 'layer1', 'relu_1']"])
        #expect(node.label == "node \"/a/b/Everything\" (com.example.Everything)")
        var texts: [String: String] = [:]
        for (name, value) in node.attributes {
            if case .tensor(let tensor) = value {
                texts[name] = try "\(tensor.name) \(tensor.shape) \(tensor.integers())"
            } else {
                texts[name] = "\(value)"
            }
        }
        #expect(
            texts == [
                "integer": "integer(-7)", "float": "float(0.25)", "string": "string(\"nearest\")",
                "tensor": "z [2] [-1, 4]", "integers": "integers([1, -1, \(Int.max), \(Int.min)])",
                "floats": "floats([0.5, -1.0])", "strings": "strings([\"a\", \"é\"])", "graph": "other(\"a subgraph\")",
            ])
    }

    @Test(arguments: [true, false])
    func `values of all types are read exactly`(isPacked: Bool) throws {
        var fixture = ONNXFixture.rich
        fixture.isPacked = isPacked
        let weights = try read(fixture).initializers
        let half: [Float] = [1, -2, 0x1p-24, 65504]
        let brain: [Float] = [1, -2, 0x1p-133, 0x1.FEp127]
        for (name, expected) in [
            ("w", [1, 2, 0, 0, 0, 1]), ("b", [0, -0.25]), ("float_data", [1, 2, -3]), ("double", [0.1, -10]),
            ("double_data", [0.5, 2]), ("float16", half), ("float16_data", half), ("bfloat16", brain),
            ("bfloat16_data", brain), ("scalar", [1]), ("none", []),
        ] as [(String, [Float])] {
            let tensor = try #require(weights[name])
            #expect(try tensor.floats() == expected, "\(name)")
            let constant = try tensor.constant()
            #expect(try constant.values() == expected && constant.count == expected.count && constant.name == name)
            #expect(throws: NetworkError.self) { try tensor.integers() }
        }
        for (name, expected) in [
            ("int8", [-1, 5]), ("int8_data", [-1, 5]), ("uint8", [255, 5]), ("int16", [-2]), ("uint16", [65534]),
            ("int32", [-2]), ("int32_data", [-2, 3]), ("uint32", [4_294_967_294]), ("uint32_data", [4_294_967_295]),
            ("int64", [.min, 3]), ("int64_data", [.min, 3]), ("uint64", [.max]), ("uint64_data", [.max, 0]),
            ("bool", [0, 1, 1]), ("bool_data", [1, 0]),
        ] as [(String, [Int])] {
            let tensor = try #require(weights[name])
            #expect(try tensor.integers() == expected, "\(name)")
            #expect(throws: NetworkError.self) { try tensor.floats() }
            #expect(throws: NetworkError.self) { try tensor.constant() }
        }
        for name in ["strings", "complex", "complex_data", "small"] {
            let tensor = try #require(weights[name])
            let error = try #require(throws: NetworkError.self) { try tensor.floats() }
            #expect(error.description.contains("weight \"\(name)\": is of the type \(tensor.type.name)"), "\(error)")
            #expect(throws: NetworkError.self) { try tensor.integers() }
        }
        #expect(weights.count == fixture.initializers.count)
    }

    @Test func `weights that are listed among the inputs are no inputs`() throws {
        let model = try read(.rich)
        #expect(
            model.inputs == [
                ONNXValue(name: "x", type: .float, shape: [1, 3, nil, 224]),
                ONNXValue(name: "unshaped", type: .float, shape: nil),
            ])
        #expect(model.outputs == [ONNXValue(name: "y", type: .float, shape: [1, 2, nil, nil])])
    }

    @Test func `numbers that are none are read, but not as weights`() throws {
        var fixture = ONNXFixture.small
        fixture.initializers[0] = .floats("w", [2, 3, 1, 1], [1, 2, .infinity, 0, 0, 1])
        fixture.initializers[1] = .init("b", type: .double, [2], .doubles([1e300, 0]))
        let weights = try read(fixture).initializers
        for name in ["w", "b"] {
            let tensor = try #require(weights[name])
            #expect(try tensor.floats(isFinite: false).contains(.infinity))
            let error = try #require(throws: NetworkError.self) { try tensor.floats() }
            #expect(error.place == "weight \"\(name)\"" && error.reason.contains("infinite"), "\(error)")
            let constant = try tensor.constant()
            #expect(throws: NetworkError.self) { try constant.values() }
        }
    }

    @Test func `whole numbers beyond their type are refused`() throws {
        var fixture = ONNXFixture.small
        fixture.initializers = [
            .init("u", type: .uint64, [1], .raw([UInt8](repeating: 0xFF, count: 8))),
            .init("v", type: .uint64, [1], .unsigned([-1])), .init("i", type: .int8, [1], .integers32([128])),
            .init("n", type: .uint8, [1], .integers32([-1])), .init("h", type: .float16, [1], .integers32([65536])),
        ]
        for (name, tensor) in try read(fixture).initializers {
            let error = try #require(throws: NetworkError.self) {
                if name == "h" { _ = try tensor.floats() } else { _ = try tensor.integers() }
            }
            #expect(error.description.contains("weight \"\(name)\": holds "), "\(error)")
        }
    }

    @Test func `attributes without a stated type are of the type of their value`() throws {
        var fixture = ONNXFixture.small
        var value = ProtobufWriter()
        value.integers(8, [3, 3], isPacked: false)
        fixture.nodes[0].attributes = [("kernel_shape", .raw(value.bytes))]
        guard case .integers([3, 3])? = try read(fixture).nodes[0].attributes["kernel_shape"] else {
            Issue.record("kernel_shape is lost")
            return
        }
    }

    @Test func `functions that nobody calls, training and unknown fields are passed by`() throws {
        var fixture = ONNXFixture.small
        var more = ProtobufWriter()
        more.message(25) { function in
            function.string(1, "Gelu")
            function.string(10, "pkg")
        }
        more.message(20) { $0.string(1, "training") }
        more.double(100, 1)
        more.float(101, 1)
        more.integer(102, -1)
        fixture.moreOfModel = more.bytes
        #expect(try read(fixture).nodes.count == 2)
    }

    @Test func `weights stay in the file until they are asked for`() throws {
        let path = try ONNXFixture.rich.write()
        let model = try ONNXModel(path: path)
        let tensor = try #require(model.initializers["w"])
        let constant = try tensor.constant()
        try #require(truncate(path, 100) == 0)
        for read in [{ _ = try tensor.floats() }, { _ = try constant.values() }] {
            let error = try #require(throws: NetworkError.self) { try read() }
            #expect(error.description.contains("has become shorter while it was read"), "\(error)")
        }
    }

    @Test func `the digest is that of all files`() throws {
        let path = try ONNXFixture.small.write()
        let model = try ONNXModel(path: path)
        #expect(try model.digest() == SHA256.hexDigest(ofFile: path))
        #expect(try model.digest() == model.fileDigest() && model.files.map(\.path) == [path])

        let folder = try ONNXFixture.makeFolder()
        let network = try ONNXFixture.external.write(into: folder)
        let data = "\(folder)/network.onnx.data"
        try Data(ONNXFixture.dataBesideSmall).write(to: URL(filePath: data))
        let split = try ONNXModel(path: network)
        let lines = try [network, data].map { try SHA256.hexDigest(ofFile: $0) + "\n" }.joined()
        #expect(try split.digest() == SHA256.hexDigest(of: lines.utf8))
        #expect(try split.fileDigest() == SHA256.hexDigest(ofFile: network))
    }
}
