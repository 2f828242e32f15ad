extension ONNXFileReader {
    /// The metadata that are kept. (Others hold whole stack traces.)
    private static let keptMetadata = "pkg.torch.onnx.name_scopes"

    func node(_ reader: WireReader) throws(NetworkError) -> ONNXNode {
        var reader = reader
        var node = ONNXNode(name: "", type: "", inputs: [], outputs: [])
        // They are read when the node's name is known, for errors.
        var attributes: [Range<Int>] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: node.inputs.append(try reader.text(field))
            case 2: node.outputs.append(try reader.text(field))
            case 3: node.name = try reader.text(field)
            case 4: node.type = try reader.text(field)
            case 5:
                try source.charge(32)
                attributes.append(try reader.range(field))
            case 7:
                let domain = try reader.text(field)
                node.domain = Self.isStandard(domain) ? "" : domain
            case 9:
                if let value = try keptMetadata(try reader.message(field, "StringStringEntryProto")) {
                    try source.charge(200)
                    node.metadata[Self.keptMetadata] = value
                }
            default: try reader.skip(field)
            }
        }
        for range in attributes {
            try source.charge(400)
            let (name, value) = try attribute(WireReader(source, range, "AttributeProto"), of: node)
            guard node.attributes.updateValue(value, forKey: name) == nil else {
                throw fault(
                    "has the attribute \(name.quoted) twice", place: node.label, remedy: "Export the network again")
            }
        }
        return node
    }

    /// The value of the entry, if it is one to keep.
    private func keptMetadata(_ reader: WireReader) throws(NetworkError) -> String? {
        var reader = reader
        var (isKept, value) = (false, 0..<0)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let range = try reader.range(field)
                isKept = range.count == Self.keptMetadata.utf8.count
                if isKept { isKept = try source.bytes(range).elementsEqual(Self.keptMetadata.utf8) }
            case 2: value = try reader.range(field)
            default: try reader.skip(field)
            }
        }
        return isKept ? try reader.text(in: value) : nil
    }

    // MARK: Attributes

    /// The values of an AttributeProto, of which only one kind is meant.
    private struct AttributeFields {
        var name = ""
        /// AttributeType; 0 in files of IR version 1, and where nobody said it.
        var type = 0
        /// The kinds of value that are there, in AttributeType's numbers.
        var kinds: Set<Int> = []
        var isReference = false
        var float: Float = 0
        var integer = 0
        var string = 0..<0
        var tensor = 0..<0
        var floats = NumberList<Float>()
        var integers: [Int] = []
        var strings: [Range<Int>] = []
    }

    private func attribute(
        _ reader: WireReader, of node: ONNXNode
    ) throws(NetworkError) -> (name: String, value: ONNXAttribute) {
        var reader = reader
        let fields = try attributeFields(&reader, of: node)
        func fault(_ reason: String) -> NetworkError {
            self.fault(
                "the attribute \(fields.name.quoted) \(reason)", place: node.label, remedy: "Export the network again")
        }
        guard fields.kinds.count < 2 else { throw fault("has values of two types") }
        let kind = fields.kinds.first
        if let kind, fields.type != 0, fields.type != kind {
            throw fault("has a value of the type \(kind), and says \(fields.type)")
        }
        let value: ONNXAttribute
        switch fields.isReference ? -1 : kind ?? fields.type {
        case -1: value = .other("a parameter of a function")
        case 0: throw fault("has no value")
        case 1: value = .float(fields.float)
        case 2: value = .integer(fields.integer)
        case 3: value = try reader.text(in: fields.string).map { .string($0) } ?? .other("bytes")
        case 4:
            guard kind != nil else { throw fault("has no value") }
            let place = "\(node.label), attribute \(fields.name.quoted)"
            var tensor = try tensor(WireReader(source, fields.tensor, "TensorProto"), place)
            // What messages will call it.
            if tensor.name.isEmpty { tensor.name = node.outputs.first ?? "" }
            value = .tensor(tensor)
        case 5, 10: value = .other("a subgraph")
        case 6: value = .floats(try fields.floats.values(source))
        case 7: value = .integers(fields.integers)
        case 8:
            var strings: [String] = []
            for range in fields.strings {
                if let text = try reader.text(in: range) { strings.append(text) }
            }
            value = strings.count == fields.strings.count ? .strings(strings) : .other("a list of bytes")
        case 9: value = .other("a list of tensors")
        case 11, 12: value = .other("a sparse tensor")
        case 13, 14: value = .other("a type")
        case let type: throw fault("is of the type \(type), which ONNX does not have")
        }
        return (fields.name, value)
    }

    private func attributeFields(
        _ reader: inout WireReader, of node: ONNXNode
    ) throws(NetworkError) -> AttributeFields {
        var fields = AttributeFields()
        while let field = try reader.next() {
            if let kind = Self.kind(ofAttributeField: field.number) { fields.kinds.insert(kind) }
            switch field.number {
            case 1: fields.name = try reader.text(field)
            case 2: fields.float = try reader.float(field)
            case 3: fields.integer = try reader.integer(field)
            case 4: fields.string = try reader.range(field)
            case 5:
                guard fields.tensor.isEmpty else { throw reader.fault("has an attribute with two tensors") }
                fields.tensor = try reader.range(field)
            case 7: try reader.floats(field, to: &fields.floats)
            case 8: try reader.integers(field, to: &fields.integers)
            case 9:
                try source.charge(64)
                fields.strings.append(try reader.range(field))
            case 20: fields.type = try reader.integer(field)
            case 21:
                try reader.skip(field)
                fields.isReference = true
            default: try reader.skip(field)
            }
        }
        return fields
    }

    /// AttributeType's number for the field of an AttributeProto that holds such a value.
    private static func kind(ofAttributeField number: Int) -> Int? {
        switch number {
        case 2: 1
        case 3: 2
        case 4: 3
        case 5: 4
        case 6: 5
        case 7: 6
        case 8: 7
        case 9: 8
        case 10: 9
        case 11: 10
        case 22: 11
        case 23: 12
        case 14: 13
        case 15: 14
        default: nil
        }
    }
}
