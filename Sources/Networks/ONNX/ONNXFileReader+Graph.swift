/// What a GraphProto holds, before inputs and constants are told apart.
struct GraphContents {
    var nodes: [ONNXNode] = []
    var initializers: [String: ONNXTensor] = [:]
    var inputs: [ONNXValue] = []
    var outputs: [ONNXValue] = []
}

extension ONNXFileReader {
    func graph(_ reader: WireReader) throws(NetworkError) -> GraphContents {
        var reader = reader
        var graph = GraphContents()
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard graph.nodes.count < Self.greatestNodeCount else {
                    throw reader.fault("has more than \(Self.greatestNodeCount) nodes")
                }
                try source.charge(300)
                graph.nodes.append(try node(try reader.message(field, "NodeProto")))
            case 5: try add(try initializer(try reader.message(field, "TensorProto")), to: &graph, reader)
            case 11:
                try source.charge(200)
                graph.inputs.append(try value(try reader.message(field, "ValueInfoProto"), "input"))
            case 12:
                try source.charge(200)
                graph.outputs.append(try value(try reader.message(field, "ValueInfoProto"), "output"))
            case 15:
                let name = try sparseName(try reader.message(field, "SparseTensorProto"))
                throw fault(
                    "is a sparse tensor", place: "weight \(name.quoted)",
                    remedy: "Export the network with its weights as they are, not sparse")
            default: try reader.skip(field)
            }
        }
        var names: Set<String> = []
        for input in graph.inputs where !names.insert(input.name).inserted {
            throw fault("comes twice", place: "input \(input.name.quoted)", remedy: "Export the network again")
        }
        return graph
    }

    private func add(_ tensor: ONNXTensor, to graph: inout GraphContents, _ reader: WireReader) throws(NetworkError) {
        guard graph.initializers.count < Self.greatestInitializerCount else {
            throw reader.fault("has more than \(Self.greatestInitializerCount) weights")
        }
        try source.charge(500)
        guard !tensor.name.isEmpty else { throw reader.fault("has a weight without a name") }
        guard graph.initializers.updateValue(tensor, forKey: tensor.name) == nil else {
            throw fault(
                "comes twice", place: "weight \(tensor.name.quoted)", remedy: "Export the network again")
        }
    }

    private func sparseName(_ reader: WireReader) throws(NetworkError) -> String {
        var reader = reader
        var name = ""
        while let field = try reader.next() {
            guard field.number == 1 else {
                try reader.skip(field)
                continue
            }
            var values = try reader.message(field, "TensorProto")
            while let field = try values.next() {
                if field.number == 8 { name = try values.text(field) } else { try values.skip(field) }
            }
        }
        return name
    }

    /// A ValueInfoProto.
    private func value(_ reader: WireReader, _ noun: String) throws(NetworkError) -> ONNXValue {
        var reader = reader
        var name = ""
        var type: WireReader?
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try reader.text(field)
            case 2:
                guard type == nil else { throw reader.fault("gives an \(noun) two types") }
                type = try reader.message(field, "TypeProto")
            default: try reader.skip(field)
            }
        }
        var value = ONNXValue(name: name, type: .undefined, shape: nil)
        guard var type else { return value }
        var isKnown = false
        while let field = try type.next() {
            // Sequences, maps and the like (4 and more) stay undefined.
            guard field.number == 1 else {
                try type.skip(field)
                continue
            }
            guard !isKnown else { throw type.fault("gives an \(noun) two types") }
            isKnown = true
            try readTensorType(try type.message(field, "TypeProto.Tensor"), into: &value, "\(noun) \(name.quoted)")
        }
        return value
    }

    private func readTensorType(
        _ reader: WireReader, into value: inout ONNXValue, _ place: String
    ) throws(NetworkError) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: value.type = try type(try reader.integer(field), place)
            case 2:
                guard value.shape == nil else { throw reader.fault("gives \(place) two shapes") }
                var list = try reader.message(field, "TensorShapeProto")
                var shape: [Int?] = []
                while let field = try list.next() {
                    guard field.number == 1 else {
                        try list.skip(field)
                        continue
                    }
                    guard shape.count < Self.greatestRank else { throw tooManyDimensions(place) }
                    shape.append(try dimension(try list.message(field, "TensorShapeProto.Dimension"), place))
                }
                value.shape = shape
            default: try reader.skip(field)
            }
        }
    }

    private func dimension(_ reader: WireReader, _ place: String) throws(NetworkError) -> Int? {
        var reader = reader
        var size: Int?
        while let field = try reader.next() {
            switch field.number {
            case 1: size = try reader.integer(field)
            case 2:
                // A symbol.
                try reader.skip(field)
                size = nil
            default: try reader.skip(field)
            }
        }
        // Some exporters write -1 for what is not known.
        guard let size, size != -1 else { return nil }
        guard size >= 0 else {
            throw fault("has the dimension \(size)", place: place, remedy: "Export the network again")
        }
        return size
    }
}
