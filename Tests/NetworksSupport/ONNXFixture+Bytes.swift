import Networks

/// The messages of onnx.proto.
extension ONNXFixture {
    public var bytes: [UInt8] {
        var model = ProtobufWriter()
        model.integer(1, irVersion)
        model.string(2, producer)
        model.message(7, write)
        for (domain, version) in opsets {
            model.message(8) { entry in
                if !domain.isEmpty { entry.string(1, domain) }
                entry.integer(2, version)
            }
        }
        model.append(moreOfModel)
        return model.bytes
    }

    private func write(_ graph: inout ProtobufWriter) {
        for node in nodes { graph.message(1) { write(node, &$0) } }
        graph.string(2, "graph")
        for tensor in initializers { graph.message(5) { write(tensor, &$0) } }
        for value in inputs { graph.message(11) { Self.write(value, &$0) } }
        for value in outputs { graph.message(12) { Self.write(value, &$0) } }
        graph.append(moreOfGraph)
    }

    private static func write(_ value: Value, _ writer: inout ProtobufWriter) {
        writer.string(1, value.name)
        writer.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, value.type.rawValue)
                guard let shape = value.shape else { return }
                tensor.message(2) { list in
                    for (index, size) in shape.enumerated() {
                        list.message(1) { dimension in
                            if let size { dimension.integer(1, size) } else { dimension.string(2, "s\(index)") }
                        }
                    }
                }
            }
        }
    }

    private func write(_ node: Node, _ writer: inout ProtobufWriter) {
        for name in node.inputs { writer.string(1, name) }
        for name in node.outputs { writer.string(2, name) }
        if !node.name.isEmpty { writer.string(3, node.name) }
        writer.string(4, node.type)
        for (name, value) in node.attributes { writer.message(5) { write(name, value, &$0) } }
        if !node.domain.isEmpty { writer.string(7, node.domain) }
        for (key, value) in node.metadata {
            writer.message(9) { entry in
                entry.string(1, key)
                entry.string(2, value)
            }
        }
    }

    private func write(_ name: String, _ value: Attribute, _ writer: inout ProtobufWriter) {
        writer.string(1, name)
        switch value {
        case .float(let value):
            writer.float(2, value)
            writer.integer(20, 1)
        case .integer(let value):
            writer.integer(3, value)
            writer.integer(20, 2)
        case .string(let value):
            writer.string(4, value)
            writer.integer(20, 3)
        case .tensor(let value):
            writer.message(5) { write(value, &$0) }
            writer.integer(20, 4)
        case .graph:
            writer.message(6) { $0.string(2, "body") }
            writer.integer(20, 5)
        case .floats(let values):
            writer.floats(7, values, isPacked: isPacked)
            writer.integer(20, 6)
        case .integers(let values):
            writer.integers(8, values, isPacked: isPacked)
            writer.integer(20, 7)
        case .strings(let values):
            for value in values { writer.string(9, value) }
            writer.integer(20, 8)
        case .raw(let bytes): writer.append(bytes)
        }
    }

    private func write(_ tensor: Tensor, _ writer: inout ProtobufWriter) {
        writer.integers(1, tensor.shape, isPacked: isPacked)
        writer.integer(2, tensor.type)
        switch tensor.values {
        case .floats(let values): writer.floats(4, values, isPacked: isPacked)
        case .integers32(let values): writer.integers(5, values, isPacked: isPacked)
        case .strings(let values): for value in values { writer.string(6, value) }
        case .integers64(let values): writer.integers(7, values, isPacked: isPacked)
        case .doubles(let values): writer.doubles(10, values, isPacked: isPacked)
        case .unsigned(let values): writer.integers(11, values, isPacked: isPacked)
        case .raw, .external, .none: break
        }
        if !tensor.name.isEmpty { writer.string(8, tensor.name) }
        switch tensor.values {
        case .raw(let bytes): writer.data(9, bytes)
        case .external(let entries):
            for (key, value) in entries {
                writer.message(13) { entry in
                    entry.string(1, key)
                    entry.string(2, value)
                }
            }
            writer.integer(14, 1)
        default: break
        }
    }
}
