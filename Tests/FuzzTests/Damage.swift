import JSON

/// Damage to bytes, whatever they mean.
enum Damage {
    private static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\u0000", "0", "-", ".", "e9", "1e999",
            "null", "true", "{}", "[]", "\u{0}", "é", "\u{202E}", "-0", "99999999999999999999", "9223372036854775807",
            "\n", "\r\n", "\"..\"", "../", "/",
        ].map { Array($0.utf8) }
        + [
            // No UTF-8: a lone continuation, an overlong slash, a surrogate, a cut character, a byte order mark.
            [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xFF], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF],
            [UInt8](repeating: 0, count: 4096), [UInt8](repeating: UInt8(ascii: "["), count: 700),
            [UInt8](repeating: UInt8(ascii: "["), count: 100_000),
        ]

    /// - Parameter others: files from which pieces are taken.
    static func damaged(_ bytes: [UInt8], others: [[UInt8]], _ random: inout FuzzRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) { damage(&bytes, others, &random) }
        return bytes
    }

    private static func damage(_ bytes: inout [UInt8], _ others: [[UInt8]], _ random: inout FuzzRandom) {
        let start = random.below(bytes.count)
        // Mostly small.
        let length = random.isOne(in: 4) ? random.below(bytes.count) : random.below(24)
        let end = min(bytes.count, start + length)
        switch random.below(12) {
        case 0, 1: if !bytes.isEmpty { bytes[start] ^= 1 << UInt8(random.below(8)) }
        case 2: if !bytes.isEmpty { bytes[start] = UInt8(random.below(256)) }
        case 3: bytes.removeSubrange(start...)
        case 4: bytes.removeSubrange(start..<end)
        case 5: bytes.insert(contentsOf: bytes[start..<end], at: random.below(bytes.count + 1))
        case 6: bytes.replaceSubrange(start..<end, with: random.pick(pieces))
        case 7: bytes.insert(contentsOf: random.pick(pieces), at: start)
        case 8: for index in start..<end { bytes[index] = 0 }
        case 9:
            guard !others.isEmpty else { return }
            let other = random.pick(others)
            let place = random.below(other.count)
            bytes.replaceSubrange(
                start..<end, with: other[place..<min(other.count, place + 1 + random.below(200))])
        case 10: replaceNumber(in: &bytes, from: start, &random)
        default: if random.isOne(in: 8) { bytes = [] }
        }
    }

    /// Replaces the next number of the text.
    private static func replaceNumber(in bytes: inout [UInt8], from start: Int, _ random: inout FuzzRandom) {
        func isPart(_ byte: UInt8) -> Bool { (48...57).contains(byte) || "+-.eE".utf8.contains(byte) }
        guard let first = bytes[start...].firstIndex(where: { (48...57).contains($0) }) else { return }
        let end = bytes[first...].firstIndex { !isPart($0) } ?? bytes.count
        bytes.replaceSubrange(first..<end, with: Array(random.pick(JSONDamage.numbers).utf8))
    }
}

/// Damage to JSON that leaves it JSON, for the most part: other types, impossible numbers, keys twice or not at all.
struct JSONDamage {
    /// The members of all objects of some documents: what has a key in one of them may fit in another.
    private var members: [JSONValue.Member] = []

    init(_ documents: [JSONValue] = []) {
        for document in documents { collect(document) }
    }

    private mutating func collect(_ value: JSONValue) {
        if case .object(let found) = value { members += found }
        for inner in value.elements { collect(inner) }
        if case .object(let found) = value { for member in found { collect(member.value) } }
    }

    static let numbers = [
        "0", "-0", "-1", "1", "2", "0.5", "1e-999", "5e-324", "1e30", "1e300", "1.7976931348623157e308", "-1e308",
        "1e999", "-1e999", "255", "256", "65536", "1000000", "2147483647", "2147483648", "4294967295", "4294967296",
        "4611686018427387904", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "99999999999999999999999", "5.9999999999999999999", "1e19", "3.0", "0.1", "00", "+1", "NaN", "Infinity",
        String(repeating: "9", count: 5000), "1e" + String(repeating: "9", count: 30),
    ]

    private static let strings = [
        "", " ", ".", "..", "../..", "../outside", "../../outside", "/", "/etc/passwd", "a/b", "a/b/c", "../outside/x",
        "\u{0}", "a\u{0}b",
        "\n", "\u{1B}[2J", "\u{202E}abc", "e\u{301}", "👩‍👩‍👧", "<script>", "\"", "\\", "null", "all", "0-999999",
        "0-95", "nan", "settled", "rendered", "failed", "block_12_add", "9999-12-31T23:59:59.999Z",
        "-9999-12-31T23:59:59.999Z", String(repeating: "x", count: 300), String(repeating: "é", count: 70_000),
    ]

    private static let keys = [
        "", "name", "units", "facets", "jobs", "$schema", "schedule", "unit", "__proto__", "\u{0}", "é", "a/b", "~1",
    ]

    /// Texts that stand for whole values.
    private static let texts =
        [
            "null", "true", "false", "{}", "[]", "[null]", "[[]]", "{\"\":{}}", "[1,\"a\",null,{}]",
        ]
        + [60, 70, 130, 500, 520, 20_000].map {
            String(repeating: "[", count: $0) + String(repeating: "]", count: $0)
        }
        + [60, 130, 500, 520, 20_000].map {
            String(repeating: "{\"a\":", count: $0) + "1" + String(repeating: "}", count: $0)
        }

    func damaged(_ value: JSONValue, _ random: inout FuzzRandom) -> [UInt8] {
        var value = value
        for _ in 0...(random.isOne(in: 3) ? random.below(4) : 0) { damage(&value, &random) }
        return Array((random.isOne(in: 8) ? value.readableText : value.canonicalText).utf8)
    }

    /// Damage to one of its values.
    private func damage(_ value: inout JSONValue, _ random: inout FuzzRandom) {
        var place = random.below(Self.count(value))
        change(&value, at: &place, &random)
    }

    private static func count(_ value: JSONValue) -> Int {
        switch value {
        case .array(let elements): elements.reduce(1) { $0 + count($1) }
        case .object(let members): members.reduce(1) { $0 + count($1.value) }
        default: 1
        }
    }

    private func change(_ value: inout JSONValue, at place: inout Int, _ random: inout FuzzRandom) {
        if place == 0 {
            value = changed(value, &random)
            place = -1
            return
        }
        place -= 1
        switch value {
        case .array(var elements):
            for index in elements.indices where place >= 0 { change(&elements[index], at: &place, &random) }
            value = .array(elements)
        case .object(var members):
            for index in members.indices where place >= 0 {
                var inner = members[index].value
                change(&inner, at: &place, &random)
                members[index] = .init(key: members[index].key, value: inner)
            }
            value = .object(members)
        default: break
        }
    }

    private func changed(_ value: JSONValue, _ random: inout FuzzRandom) -> JSONValue {
        // Of the same kind, so that a reader gets past the type.
        switch (value, random.below(3)) {
        case (.number, 1...): return .number(random.pick(Self.numbers))
        case (.string, 1...): return .string(random.pick(Self.strings))
        case (.array(let elements), 1...): return changed(elements, &random)
        case (.object(let members), 1...): return changed(members, &random)
        default: break
        }
        switch random.below(5) {
        case 0: return .number(random.pick(Self.numbers))
        case 1: return .string(random.pick(Self.strings))
        case 2: return .array([value])
        case 3: return .members(["a": value])
        // A number's literal is written as it is: here a text of any kind.
        default: return .number(random.pick(Self.texts))
        }
    }

    private func changed(_ elements: [JSONValue], _ random: inout FuzzRandom) -> JSONValue {
        var elements = elements
        let index = random.below(elements.count)
        switch random.below(6) {
        case 0: elements = []
        case 1: if !elements.isEmpty { elements.remove(at: index) }
        case 2: if !elements.isEmpty { elements.insert(elements[index], at: random.below(elements.count)) }
        case 3: elements.reverse()
        case 4:
            if !elements.isEmpty { elements += [JSONValue](repeating: elements[index], count: 1 + random.below(2000)) }
        default: elements.append(.number(random.pick(Self.texts)))
        }
        return .array(elements)
    }

    private func changed(_ members: [JSONValue.Member], _ random: inout FuzzRandom) -> JSONValue {
        var members = members
        let index = random.below(members.count)
        guard !members.isEmpty else { return .object([.init(key: random.pick(Self.keys), value: .null)]) }
        let other = members[random.below(members.count)]
        switch random.below(self.members.isEmpty ? 6 : 12) {
        case 0: members.remove(at: index)
        case 1: members.append(members[index])
        case 2: members.append(.init(key: members[index].key, value: other.value))
        case 3: members[index] = .init(key: random.pick(Self.keys), value: members[index].value)
        case 4: members[index] = .init(key: other.key, value: members[index].value)
        case 6...8:
            let fitting = self.members.filter { $0.key == members[index].key }
            if !fitting.isEmpty { members[index] = random.pick(fitting) }
        case 9...11:
            let member = random.pick(self.members)
            members.removeAll { $0.key == member.key }
            members.append(member)
        default: members.append(.init(key: random.pick(Self.keys), value: .number(random.pick(Self.texts))))
        }
        return .object(members)
    }
}
