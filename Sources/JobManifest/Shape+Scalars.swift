import Foundation
import JSON

extension Shape {
    /// One kind of JSON that `read` turns into a value, or into nil if it is not what was expected.
    private static func scalar(
        _ expectation: String, _ kind: JSONNode.Kind, schema: KeyValuePairs<String, JSONValue?>,
        read: @escaping @Sendable (JSONNode, ManifestDecoding) -> Value?,
        encode: @escaping @Sendable (Value) -> JSONValue?
    ) -> Shape {
        Shape(
            expectation: expectation, kinds: [kind], schema: .members(schema),
            decode: { node, decoding in
                let value = node.kind == kind ? read(node, decoding) : nil
                if value == nil { decoding.report(node, expected: expectation) }
                return value
            },
            encode: encode)
    }

    /// true or false.
    static var boolean: Shape<Bool> {
        Shape<Bool>.scalar(
            "true or false", .boolean, schema: ["type": .string("boolean")], read: { node, _ in node.boolean },
            encode: { .boolean($0) })
    }

    /// A whole number in a range; perhaps only an odd one.
    static func integer<Number: FixedWidthInteger & Sendable>(
        _ range: ClosedRange<Number>, onlyOdd: Bool = false, expectation: String? = nil
    ) -> Shape<Number> {
        let noun = onlyOdd ? "an odd integer" : "an integer"
        let expectation =
            expectation ?? "\(noun) from \(range.lowerBound) to \(range.upperBound)"
        let oddness: JSONValue? = onlyOdd ? .members(["multipleOf": .integer(2)]) : nil
        return Shape<Number>.scalar(
            expectation, .number,
            schema: [
                "type": .string("integer"), "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound), "not": oddness,
            ],
            read: { node, decoding in
                let value = DecimalLiteral.wholeNumber(decoding.literal(of: node), as: Number.self)
                return value.flatMap { range.contains($0) && (!onlyOdd || $0 % 2 != 0) ? $0 : nil }
            },
            encode: { .integer($0) })
    }

    /// A number in a range, which excludes its lower end if `isAboveMinimum`: the double that is nearest to what stands
    /// there. A number so small that this is 0 is refused, since nobody can tell whether 0 was meant.
    static func number(_ range: ClosedRange<Double>, isAboveMinimum: Bool = false) -> Shape<Double> {
        let lower = JSONValue.number(range.lowerBound).canonicalText
        let upper = JSONValue.number(range.upperBound).canonicalText
        let expectation =
            isAboveMinimum ? "a number above \(lower), up to \(upper)" : "a number from \(lower) to \(upper)"
        var shape = Shape<Double>.scalar(
            expectation, .number,
            schema: [
                "type": .string("number"),
                isAboveMinimum ? "exclusiveMinimum" : "minimum": .number(range.lowerBound),
                "maximum": .number(range.upperBound),
            ],
            read: { node, decoding in
                guard let value = Double(decoding.literal(of: node)), range.contains(value),
                    !isAboveMinimum || value > range.lowerBound
                else { return nil }
                // A minus sign before zero would make two canonical texts of one number.
                return value == 0 ? 0 : value
            },
            encode: { .number($0) })
        shape.decode = { [decode = shape.decode] node, decoding in
            if node.kind == .number {
                let literal = decoding.literal(of: node)
                if Double(literal) == 0, !DecimalLiteral.isZero(literal) {
                    decoding.report(node, expected: expectation, hint: ", which is too small to be told from 0")
                    return nil
                }
            }
            return decode(node, decoding)
        }
        return shape
    }

    /// Any string.
    static var text: Shape<String> {
        Shape<String>.scalar(
            "a string", .string, schema: ["type": .string("string")], read: { node, _ in node.text },
            encode: { .string($0) })
    }

    /// A string that `parse` accepts; `pattern` tells the schema the same.
    static func text(
        _ expectation: String, pattern: String, parse: @escaping @Sendable (String) -> Value?,
        write: @escaping @Sendable (Value) -> String?
    ) -> Shape {
        scalar(
            expectation, .string, schema: ["type": .string("string"), "pattern": .string(pattern)],
            read: { node, _ in node.text.flatMap(parse) }, encode: { write($0).map(JSONValue.string) })
    }

    /// One of a few words.
    static func choice(_ words: [(word: String, value: Value)]) -> Shape where Value: Equatable {
        let names = words.map(\.word)
        let quoted = names.map { "\"\($0)\"" }
        let expectation =
            quoted.count == 1
            ? quoted[0] : quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
        return Shape(
            expectation: expectation, kinds: [.string],
            schema: .members(["enum": .array(names.map(JSONValue.string))]),
            decode: { node, decoding in
                if let match = words.first(where: { $0.word == node.text }) { return match.value }
                let hint = node.text.map { NearestName.hint(for: $0, among: names) } ?? ""
                decoding.report(node, expected: expectation, hint: hint)
                return nil
            },
            encode: { value in words.first { $0.value == value }.map { .string($0.word) } })
    }

    /// One of the words of an enumeration.
    static func choice() -> Shape where Value: CaseIterable & RawRepresentable<String> & Equatable {
        choice(Value.allCases.map { ($0.rawValue, $0) })
    }

    /// A name that can be a folder or file: it cannot climb out of the output folder, hide, or need quoting.
    static var safeName: Shape<String> {
        .text(
            "a name of 1 to 100 letters, digits, \".\", \"_\" and \"-\" that does not begin with \".\"",
            pattern: "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$", parse: { isSafeName($0) ? $0 : nil }, write: { $0 })
    }

    /// A safe name that no other file or folder in the output folder has.
    static var jobName: Shape<String> {
        .text(
            "a name of 1 to 100 letters, digits, \".\", \"_\" and \"-\" that does not begin with \".\" and is none of "
                + reservedJobNames.map { "\"\($0)\"" }.joined(separator: ", ") + " in small or capital letters",
            pattern: "^(?!(?:" + reservedJobNames.map(inAnyCase).joined(separator: "|")
                + ")$)[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$",
            parse: { isSafeName($0) && !reservedJobNames.contains($0.lowercased()) ? $0 : nil }, write: { $0 })
    }

    /// A pattern of a name, of which many disks do not tell capital letters from small ones.
    private static func inAnyCase(_ name: String) -> String {
        name.map { $0.isLetter ? "[\($0.uppercased())\($0)]" : "[\($0)]" }.joined()
    }

    /// In small letters: the gallery's folder and its start page, the reports of a run, and the files that nightly runs leave.
    private static var reservedJobNames: [String] {
        ["gallery", "index.html", "junit.xml", "measures", "regressions.json", "regressions.txt", "report.json"]
    }

    private static func isSafeName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && !text.utf8.starts(with: ".".utf8)
            && text.utf8.allSatisfy {
                JSONScanner.isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }

    /// A SHA-256, of which capital digits become small ones.
    static var sha256: Shape<String> {
        .text(
            "a SHA-256 of 64 hexadecimal digits", pattern: "^[0-9A-Fa-f]{64}$",
            parse: { text in
                let isDigest = text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
                return isDigest ? text.lowercased() : nil
            }, write: { $0 })
    }

    /// The path of a file, made absolute: a relative one begins at the folder of the manifest.
    static var filePath: Shape<String> {
        Shape<String>.scalar(
            "the path of a file", .string,
            schema: ["type": .string("string"), "minLength": .integer(1), "maxLength": .integer(4096)],
            read: { node, decoding in
                guard let text = node.text, (1...4096).contains(text.unicodeScalars.count), !text.utf8.contains(0)
                else { return nil }
                return text.hasPrefix("/") ? text : folder(of: decoding.source.file) + "/" + text
            },
            encode: { .string($0) })
    }

    /// The folder of a file, with all links resolved, so that it is the same for every working directory.
    private static func folder(of file: String) -> String {
        let folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        guard let real = realpath(folder, nil) else { return folder }
        defer { free(real) }
        let path = String(cString: real)
        return path == "/" ? "" : path
    }
}
