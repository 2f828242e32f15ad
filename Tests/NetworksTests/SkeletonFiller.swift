import Foundation

/// Puts weights into a skeleton: an ONNX file whose initializers say `fill MEAN STD [KEY]` in their `doc_string` instead
/// of having values. The generator is that of the skeletons' README: FNV-1a of "seed/key", then SplitMix64, then the sum
/// of four 16-bit numbers; integers and doubles alone, so that every language draws the same bits.
struct SkeletonFiller {
    /// A field of a protobuf message: its number, and where it lies.
    private struct Field {
        var number: Int
        var whole: Range<Int>
        var content: Range<Int>
    }

    enum Fault: Error {
        case noProtobuf
        case noSeed
    }

    private let bytes: [UInt8]
    private let name: String

    init(skeleton: [UInt8], name: String) {
        bytes = skeleton
        self.name = name
    }

    /// The files, by name: the network, and its second file if it is to have one.
    func fill() throws -> [String: [UInt8]] {
        let model = try fields(0..<bytes.count)
        var properties: [String: String] = [:]
        for field in model where field.number == 14 {
            let parts = try fields(field.content)
            properties[text(parts, 1)] = text(parts, 2)
        }
        guard let seed = properties["fill.seed"] else { throw Fault.noSeed }
        var external: [UInt8]? = properties["fill.external"] == nil ? nil : []
        var output: [UInt8] = []
        for field in model {
            if field.number == 7 {
                var graph: [UInt8] = []
                for inner in try fields(field.content) {
                    if inner.number == 5 {
                        let tensor = try tensor(inner.content, seed: seed, external: &external)
                        Self.append(5, tensor, to: &graph)
                    } else {
                        graph += bytes[inner.whole]
                    }
                }
                Self.append(7, graph, to: &output)
            } else {
                output += bytes[field.whole]
            }
        }
        var files = ["\(name).onnx": output]
        if let external { files["\(name).onnx.data"] = external }
        return files
    }

    private func tensor(_ range: Range<Int>, seed: String, external: inout [UInt8]?) throws -> [UInt8] {
        let parts = try fields(range)
        let rule = text(parts, 12).split(separator: " ", maxSplits: 3).map(String.init)
        guard rule.first == "fill", rule.count >= 3, let mean = Double(rule[1]), let deviation = Double(rule[2]) else {
            return Array(bytes[range])
        }
        var count = 1
        for part in parts where part.number == 1 {
            // Packed or one at a time.
            var place = part.content.lowerBound
            while place < part.content.upperBound { count *= try varint(&place) }
        }
        let key = rule.count > 3 ? rule[3] : text(parts, 8)
        let data = Self.values(seed: seed, key: key, count: count, mean: mean, deviation: deviation)
            .flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
        var result: [UInt8] = []
        for part in parts where part.number != 12 { result += bytes[part.whole] }
        if external != nil, data.count > 256 {
            for (key, value) in [
                ("location", "\(name).onnx.data"), ("offset", "\(external?.count ?? 0)"), ("length", "\(data.count)"),
            ] {
                var entry: [UInt8] = []
                Self.append(1, Array(key.utf8), to: &entry)
                Self.append(2, Array(value.utf8), to: &entry)
                Self.append(13, entry, to: &result)
            }
            result += [14 << 3, 1]
            external? += data
        } else {
            Self.append(9, data, to: &result)
        }
        return result
    }

    static func values(seed: String, key: String, count: Int, mean: Double, deviation: Double) -> [Float] {
        var start: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(seed)/\(key)".utf8 { start = (start ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { index in
            var z = start &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            let sum = (0..<4).reduce(0) { $0 + Int(z >> (16 * UInt64($1)) & 0xFFFF) }
            let normal = Double(sum - 131_070) * 2.6428997921303018e-05
            let scaled = deviation * normal
            return Float(mean + scaled)
        }
    }

    // MARK: Protobuf

    private func fields(_ range: Range<Int>) throws -> [Field] {
        var fields: [Field] = []
        var place = range.lowerBound
        while place < range.upperBound {
            let start = place
            let tag = try varint(&place)
            var content = place..<place
            switch tag & 7 {
            case 0:
                _ = try varint(&place)
                content = content.lowerBound..<place
            case 1: place += 8
            case 2:
                let length = try varint(&place)
                content = place..<place + length
                place += length
            case 5: place += 4
            default: throw Fault.noProtobuf
            }
            guard place <= range.upperBound else { throw Fault.noProtobuf }
            fields.append(Field(number: tag >> 3, whole: start..<place, content: content))
        }
        return fields
    }

    private func varint(_ place: inout Int) throws -> Int {
        var value = 0
        var shift = 0
        while place < bytes.count, shift < 63 {
            let byte = bytes[place]
            place += 1
            value |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Fault.noProtobuf
    }

    private func text(_ fields: [Field], _ number: Int) -> String {
        fields.last { $0.number == number }.map { String(decoding: bytes[$0.content], as: UTF8.self) } ?? ""
    }

    private static func append(_ number: Int, _ content: [UInt8], to output: inout [UInt8]) {
        for var value in [number << 3 | 2, content.count] {
            while value >= 0x80 {
                output.append(UInt8(value & 0x7F | 0x80))
                value >>= 7
            }
            output.append(UInt8(value))
        }
        output += content
    }
}
