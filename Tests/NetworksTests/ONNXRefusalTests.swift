import Foundation
import Networks
import NetworksSupport
import Testing

/// Every file that is no network for images, or damaged, is refused with words that say why.
@Suite struct ONNXRefusalTests {
    private func message(_ bytes: [UInt8], name: String = "network.onnx") throws -> String {
        let path = try ONNXFixture.makeFolder() + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        let error = try #require(throws: NetworkError.self) { try ONNXModel(path: path) }
        #expect(error.file == path && !error.reason.isEmpty && !error.remedy.isEmpty, "\(error)")
        return error.description
    }

    private func refuses(_ words: String..., change: (inout ONNXFixture) -> Void) throws {
        var fixture = ONNXFixture.small
        change(&fixture)
        let message = try message(fixture.bytes)
        for word in words { #expect(message.contains(word), "\(message)") }
    }

    private func bytes(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        write(&writer)
        return writer.bytes
    }

    // MARK: Models

    @Test func `versions of the operators have to be known`() throws {
        try refuses("uses version (opset) 6 of", "7 to 28", "convert_version") { $0.opsets = ["": 6] }
        try refuses("uses version (opset) 1000 of") { $0.opsets = ["ai.onnx": 1000] }
        try refuses("uses version (opset) -1 of") { $0.opsets = ["": -1] }
        try refuses("does not say which version (opset)") { $0.opsets = ["com.example": 17] }
        try refuses("does not say which version (opset)") { $0.opsets = [:] }
        try refuses("says two versions (opsets)", "13 and 17") { $0.opsets = ["": 13, "ai.onnx": 17] }
    }

    @Test func `functions that a node calls are refused with its name`() throws {
        try refuses("node \"/relu/Relu\" (pkg.Gelu)", "function", "inline_local_functions") { fixture in
            fixture.nodes[1].domain = "pkg"
            fixture.nodes[1].type = "Gelu"
            fixture.moreOfModel = bytes {
                $0.message(25) { function in
                    function.string(1, "Gelu")
                    function.string(10, "pkg")
                }
            }
        }
    }

    @Test func `a model has one graph`() throws {
        try refuses("has two graphs") { fixture in
            fixture.moreOfModel = bytes { $0.message(7) { _ in } }
        }
        #expect(try message(bytes { $0.integer(1, 8) }).contains("has no graph"))
    }

    @Test func `sparse tensors, names twice and nameless weights are refused`() throws {
        try refuses("weight \"s\"", "sparse") { fixture in
            fixture.moreOfGraph = bytes { $0.message(15) { $0.message(1) { $0.string(8, "s") } } }
        }
        try refuses("weight \"w\": comes twice") { $0.initializers.append($0.initializers[0]) }
        try refuses("a weight without a name") { $0.initializers[0].name = "" }
        try refuses("input \"x\": comes twice") { $0.inputs.append($0.inputs[0]) }
        try refuses("node \"/conv/Conv\" (Conv)", "\"group\" twice") { fixture in
            fixture.nodes[0].attributes.append(("group", .integer(2)))
        }
    }

    // MARK: Tensors

    private func refusesWeight(
        _ words: String..., shape: [Int] = [2, 3, 1, 1], type: Int = 1, values: ONNXFixture.Tensor.Values
    ) throws {
        var fixture = ONNXFixture.small
        fixture.initializers[0] = .init("w", typeNumber: type, shape, values)
        let message = try message(fixture.bytes)
        for word in words + ["weight \"w\": "] { #expect(message.contains(word), "\(message)") }
    }

    @Test func `shapes are counts that fit the values`() throws {
        let raw = ONNXFixture.Tensor.Values.raw([UInt8](repeating: 0, count: 24))
        try refusesWeight("[-2, 3, 1, 1], with a negative dimension", shape: [-2, 3, 1, 1], values: raw)
        try refusesWeight("with a negative dimension", shape: [-2, -3, 1, 1], values: raw)
        try refusesWeight("cannot be counted", shape: [1 << 32, 1 << 32], values: raw)
        try refusesWeight("cannot be counted", shape: [1 << 62, 4, 0], values: raw)
        try refusesWeight("cannot be counted", shape: [1 << 61], values: raw)
        try refusesWeight("more than 32 dimensions", shape: [Int](repeating: 1, count: 33), values: raw)
        try refusesWeight("holds 24 bytes; its shape [2, 3, 1, 2] of float needs 48", shape: [2, 3, 1, 2], values: raw)
        try refusesWeight("holds 24 bytes; its shape [] of float needs 4", shape: [], values: raw)
        try refusesWeight("holds 24 bytes; its shape [0] of float needs 0", shape: [0], values: raw)
        try refusesWeight("holds 24 bytes", "float16 needs 12", type: 10, values: raw)
        try refusesWeight("holds no values", values: .raw([]))
        try refusesWeight("holds no values", values: .none)
        try refusesWeight("holds 5 values; its shape [2, 3, 1, 1] needs 6", values: .floats([1, 2, 3, 4, 5]))
        try refusesWeight("holds 5 values", type: 7, values: .integers64([1, 2, 3, 4, 5]))
        try refusesWeight("holds 1 values; its shape [1] needs 1", shape: [1], type: 14, values: .floats([1]))
    }

    @Test func `types and places of values are those that ONNX has`() throws {
        try refusesWeight("type 1000, which ONNX does not have", type: 1000, values: .none)
        try refusesWeight("type -1, which ONNX does not have", type: -1, values: .none)
        try refusesWeight("does not say of which type", type: 0, values: .none)
        try refusesWeight("in int64_data, where float has them in float_data", values: .integers64([1, 2, 3, 4, 5, 6]))
        try refusesWeight(
            "in float_data, where float16 has them in int32_data", type: 10, values: .floats([1, 2, 3, 4, 5, 6]))
        try refusesWeight("texts as raw bytes", type: 8, values: .raw([1, 2, 3, 4, 5, 6]))
        for (more, words) in [
            (bytes { $0.integer(14, 7) }, "at the place 7"), (bytes { $0.data(3, []) }, "cut into segments"),
            (bytes { $0.floats(4, [1], isPacked: true) }, "has its values twice"),
        ] {
            try refuses("weight \"v\": ", words) { fixture in
                fixture.moreOfGraph = bytes {
                    $0.message(5) { tensor in
                        tensor.string(8, "v")
                        tensor.integer(2, 1)
                        tensor.data(9, [0, 0, 0, 0])
                        tensor.append(more)
                    }
                }
            }
        }
    }

    @Test func `a tensor of a node is named by its node`() throws {
        try refuses("node \"k\" (Constant), attribute \"value\": holds 8 bytes") { fixture in
            fixture.nodes.append(
                .init("Constant", inputs: [], outputs: ["k"], ["value": .tensor(.floats("", [3], [1, 2]))]))
        }
    }

    // MARK: Attributes and values

    @Test func `attributes have one value of the type that they say`() throws {
        for (value, words) in [
            (bytes { $0.integer(20, 0) }, "has no value"), (bytes { $0.integer(20, 4) }, "has no value"),
            (bytes { $0.integer(20, 77) }, "the type 77"),
            (
                bytes { writer in
                    writer.integer(3, 1)
                    writer.integer(20, 7)
                }, "type 2, and says 7"
            ),
            (
                bytes { writer in
                    writer.integer(3, 1)
                    writer.float(2, 1)
                }, "values of two types"
            ),
        ] {
            try refuses("node \"/conv/Conv\" (Conv)", "attribute \"odd\"", words) { fixture in
                fixture.nodes[0].attributes.append(("odd", .raw(value)))
            }
        }
        try refuses("two tensors") { fixture in
            fixture.nodes[0].attributes.append(
                (
                    "odd",
                    .raw(
                        bytes { writer in
                            writer.message(5) { $0.integer(2, 1) }
                            writer.message(5) { $0.integer(2, 1) }
                        })
                ))
        }
    }

    @Test func `inputs have one type and one shape`() throws {
        try refuses("input \"x\": has the dimension -2") { $0.inputs[0].shape = [1, -2] }
        try refuses("more than 32 dimensions") { $0.inputs[0].shape = [Int?](repeating: 1, count: 33) }
        try refuses("two types") { fixture in
            fixture.moreOfGraph = bytes {
                $0.message(11) { value in
                    value.message(2) { _ in }
                    value.message(2) { _ in }
                }
            }
        }
        var fixture = ONNXFixture.small
        fixture.inputs[0].shape = [-1, 3, 0, 5]
        #expect(try ONNXModel(path: fixture.write()).inputs[0].shape == [nil, 3, 0, 5])
    }

    // MARK: The wire

    @Test func `names are UTF-8 and not endless`() throws {
        try refuses("no UTF-8: \"\\xFF\\xFEa\"") { fixture in
            fixture.moreOfGraph = bytes { $0.message(1) { $0.data(3, [0xFF, 0xFE, 0x61]) } }
        }
        try refuses("a name of 5000 bytes") { $0.nodes[0].name = String(repeating: "x", count: 5000) }
        // An attribute may be anything: its operator decides.
        var fixture = ONNXFixture.small
        fixture.nodes[0].attributes = [("bytes", .raw(bytes { $0.data(4, [0xFF]) }))]
        guard case .other? = try ONNXModel(path: fixture.write()).nodes[0].attributes["bytes"] else {
            Issue.record("bytes are taken for a text")
            return
        }
    }

    @Test func `what protobuf forbids is refused`() throws {
        func model(_ more: [UInt8]) throws -> String {
            var fixture = ONNXFixture.small
            fixture.moreOfModel = more
            return try message(fixture.bytes)
        }
        #expect(try model(bytes { $0.key(50, 3) }).contains("wire type 3"))
        #expect(try model(bytes { $0.key(50, 4) }).contains("wire type 4"))
        #expect(try model(bytes { $0.key(50, 6) }).contains("wire type 6"))
        #expect(try model([0x00, 0x00]).contains("number 0"))
        #expect(try model(bytes { $0.integer(1 << 29, 0) }).contains("number 536870912"))
        #expect(try model([0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02]).contains("more than 64 bits"))
        #expect(try model([0x08] + [UInt8](repeating: 0x80, count: 10) + [0x00]).contains("more than 64 bits"))
        #expect(try model(bytes { $0.float(1, 1) }).contains("wire type 5, not 0"))
        #expect(try model([0x62, 0x05, 1]).contains("is cut off"))
        #expect(try model([0x62] + ProtobufWriter.varint(-1)).contains("is cut off or damaged"))
        #expect(try model([0xA5, 0x06, 1, 2]).contains("is cut off"))
        // A field that reaches out of its message, but not out of the file.
        #expect(try model(bytes { $0.data(8, [0x0A, 9]) } + [UInt8](repeating: 8, count: 40)).contains("is damaged"))
        #expect(try model(bytes { $0.data(8, [0x10, 0x80]) } + [8, 8]).contains("ends within its field"))
        var fixture = ONNXFixture.small
        fixture.moreOfGraph = bytes {
            $0.message(5) { tensor in
                tensor.data(4, [1, 2, 3, 4, 5])
            }
        }
        #expect(try message(fixture.bytes).contains("no multiple of 4"))
    }

    @Test func `every file that is cut short is refused`() throws {
        for fixture in [ONNXFixture.small, .rich] {
            let bytes = fixture.bytes
            let path = try ONNXFixture.makeFolder() + "/network.onnx"
            var accepted: [Int] = []
            for count in 0..<bytes.count {
                try Data(bytes[..<count]).write(to: URL(filePath: path))
                do throws(NetworkError) {
                    _ = try ONNXModel(path: path)
                    accepted.append(count)
                } catch { #expect(error.description.hasPrefix(path + ": "), "\(error)") }
            }
            // Where only the second of two versions is lost, the rest is a whole file.
            #expect(accepted.isEmpty, "\(accepted) of \(bytes.count)")
        }
    }
}
