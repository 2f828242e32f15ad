import NetworksSupport

/// Damage to an ONNX file that leaves it protobuf, for the most part: other numbers, fields twice, at other places, of
/// other types or not at all.
struct ONNXDamage {
    /// The fields of all messages of some files: what lies in one of them may fit in another.
    private var pool: [ONNXTree.Field] = []

    init(_ trees: [ONNXTree]) {
        for tree in trees { collect(tree.fields) }
    }

    private mutating func collect(_ fields: [ONNXTree.Field]) {
        pool += fields
        for field in fields { if case .message(let inner) = field.value { collect(inner) } }
    }

    private static let numbers: [UInt64] = [
        0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 16, 17, 22, 28, 29, 127, 128, 255, 256, 1000, 65535, 65536, 1 << 20, 1 << 31,
        1 << 32, 1 << 61, 1 << 62, (1 << 63) - 1, 1 << 63, .max, .max - 1, .max - 254,
    ]

    private static let texts = [
        "", "x", "w", "y", ".", "..", "../outside", "../../etc/hostname", "/etc/hostname", "network.onnx",
        "network.onnx.data", "offset", "location", "length", "0", "3", "27", "-1", "+1", "36", "9223372036854775807",
        "9223372036854775808", "ai.onnx", "Conv", "Constant", "\u{0}", "\u{1B}[2J", "\u{202E}", "é",
        "pkg.torch.onnx.name_scopes", String(repeating: "x", count: 5000),
    ]

    func damaged(_ tree: ONNXTree, _ random: inout FuzzRandom) -> [UInt8] {
        var tree = tree
        for _ in 0...(random.isOne(in: 3) ? random.below(4) : 0) {
            var place = random.below(Self.count(tree.fields))
            change(&tree.fields, at: &place, &random)
        }
        return tree.bytes
    }

    private static func count(_ fields: [ONNXTree.Field]) -> Int {
        fields.reduce(0) { sum, field in
            if case .message(let inner) = field.value { sum + 1 + count(inner) } else { sum + 1 }
        }
    }

    private func change(_ fields: inout [ONNXTree.Field], at place: inout Int, _ random: inout FuzzRandom) {
        for index in fields.indices {
            if place == 0 {
                place = -1
                return change(&fields, index, &random)
            }
            place -= 1
            guard case .message(var inner) = fields[index].value else { continue }
            change(&inner, at: &place, &random)
            fields[index].value = .message(inner)
            if place < 0 { return }
        }
    }

    private func change(_ fields: inout [ONNXTree.Field], _ index: Int, _ random: inout FuzzRandom) {
        switch random.below(14) {
        case 0: fields.remove(at: index)
        case 1: fields.insert(fields[index], at: random.below(fields.count + 1))
        case 2: fields.append(random.pick(pool))
        case 3: fields.insert(random.pick(pool), at: index)
        case 4: fields[index].number = 1 + random.below(26)
        case 5: fields.reverse()
        case 6: fields += [ONNXTree.Field](repeating: fields[index], count: 1 + random.below(500))
        case 7: fields[index].value = .varint(random.pick(Self.numbers))
        case 8:
            // A length that its message does not have, a group, a number without an end.
            let length = ProtobufWriter.varint(Int(truncatingIfNeeded: random.pick(Self.numbers)))
            fields[index].value = .raw(
                wireType: random.below(8), random.pick([length, [UInt8](repeating: 0xFF, count: 12), [], [0]]))
        default: fields[index].value = changed(fields[index].value, &random)
        }
    }

    /// Of the same type, so that a reader gets past it.
    private func changed(_ value: ONNXTree.Value, _ random: inout FuzzRandom) -> ONNXTree.Value {
        switch value {
        case .varint(let number):
            return .varint(random.isOne(in: 2) ? random.pick(Self.numbers) : number ^ 1 << UInt64(random.below(64)))
        case .bytes(var bytes):
            switch random.below(5) {
            case 0: bytes = Array(bytes.dropLast(1 + random.below(8)))
            case 1: bytes += bytes + [0]
            case 2: if !bytes.isEmpty { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
            case 3: bytes += [UInt8](repeating: UInt8(random.below(256)), count: random.below(3000))
            default: bytes = Array(random.pick(Self.texts).utf8)
            }
            return .bytes(bytes)
        case .message(let inner):
            return random.isOne(in: 2) ? .message([]) : .bytes(ONNXTree.bytes(of: inner).reversed())
        case .fixed32: return .fixed32([UInt8](repeating: 0xFF, count: 3 + random.below(3)))
        case .fixed64: return .fixed64([UInt8](repeating: 0xFF, count: 7 + random.below(3)))
        case .raw: return .raw(wireType: random.below(8), [])
        }
    }
}
