import Foundation
import Testing

@testable import ConvNet

/// Every way in which a file can be wrong is an error with the file, the tensor and the reason: never a trap.
@Suite("Malformed safetensors files")
struct SafetensorsMalformedTests {
    /// A file's bytes and what must be said about them.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var tensor: String?
        let reason: String

        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], tensor: String? = nil, _ reason: String) {
            self.name = name
            self.bytes = bytes
            self.tensor = tensor
            self.reason = reason
        }

        /// A header around the entries given, over 16 bytes of data.
        init(_ name: String, header: String, tensor: String? = nil, _ reason: String) {
            let data = SafetensorsBytes.floats(1, 2, 3, 4)
            self.init(name, SafetensorsBytes.file(header: header, data: data), tensor: tensor, reason)
        }

        /// A tensor `a` with one thing wrong, over 16 bytes of data.
        init(_ name: String, type: String = "F32", shape: String = "2,2", offsets: String = "0,16", _ reason: String) {
            let entry = SafetensorsBytes.entry("a", type: type, shape: shape, offsets: offsets)
            self.init(name, header: "{\(entry)}", tensor: "a", reason)
        }
    }

    static let a = SafetensorsBytes.entry("a", shape: "2,2", offsets: "0,16")

    static let lengths = [
        Case("empty file", [], "0 bytes"),
        Case("seven bytes", Array(SafetensorsBytes.whole.prefix(7)), "7 bytes"),
        Case("header cut short", Array(SafetensorsBytes.whole.prefix(60)), "promises a header"),
        Case("data cut short", SafetensorsBytes.whole.dropLast(), tensor: "b", "ends at byte 20"),
        Case("more data than tensors", SafetensorsBytes.whole + [0, 0], "goes on for 2 bytes"),
        Case(
            "header length beyond Int", SafetensorsBytes.file(header: "{}", data: [], headerLength: .max),
            "promises a header of 18446744073709551615 bytes"),
        Case("header length zero", SafetensorsBytes.file(header: "", data: []), "does not begin with {"),
        Case("no tensors, but data", header: "{}", "goes on for 16 bytes"),
    ]

    static let texts = [
        Case("another kind of file", Array("\u{89}PNG\r\n\u{1a}\n and so on".utf8), "promises a header"),
        Case("header that is no JSON", header: "weights", "does not begin with {"),
        Case("header that is a list", header: "[]", "does not begin with {"),
        Case("header without an end", header: "{\(a)", "needs }"),
        Case("trailing comma", header: "{\(a),}", "needs \""),
        Case("text after the end", header: "{\(a)} x", "text after its end"),
        Case("name without a value", header: "{\"a\"}", "needs :"),
        Case(
            "name not in UTF-8",
            SafetensorsBytes.file(header: Array("{\"".utf8) + [0xFF] + Array("\"}".utf8), data: []), "not UTF-8"),
        Case("control character in a name", header: "{\"a\u{1}\":{}}", "control character"),
        Case("string without an end", header: "{\"a", "without an end"),
        Case("half a surrogate pair", header: #"{"\ud800":{}}"#, "surrogate"),
        Case("low surrogate that is none", header: #"{"\ud800\u0041":{}}"#, "surrogate"),
        Case("unknown escape", header: #"{"\x":{}}"#, "unknown escape"),
        Case("escape without digits", header: #"{"\u12"#, "hexadecimal"),
        Case("the same tensor twice", header: "{\(a),\(a)}", "names \"a\" twice"),
        Case(
            "the same name, escaped", header: "{\(a),\(a.replacingOccurrences(of: "\"a\"", with: #""\u0061""#))}",
            "names \"a\" twice"),
        Case(
            "the same key twice", header: #"{"a":{"dtype":"F32","dtype":"F32"}}"#, tensor: "a", "names \"dtype\" twice"),
        Case("metadata that is a number", header: "{\"__metadata__\":1}", "needs {"),
        Case("metadata with a number", header: "{\"__metadata__\":{\"x\":1}}", "needs \""),
        Case(
            "deep nesting", header: "{\"a\":" + String(repeating: "{\"a\":", count: 100_000), tensor: "a",
            "unknown entry"),
    ]

    static let entries = [
        Case("tensor that is null", header: "{\"a\":null}", tensor: "a", "needs {"),
        Case("no type", header: #"{"a":{"shape":[],"data_offsets":[0,4]}}"#, tensor: "a", "has no dtype"),
        Case("no shape", header: #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, tensor: "a", "has no shape"),
        Case("no offsets", header: #"{"a":{"dtype":"F32","shape":[1]}}"#, tensor: "a", "has no data_offsets"),
        Case("half precision beyond the file", type: "F16", offsets: "0,32", "ends at byte 32"),
        Case("an unknown type, end before begin", type: "Q7", offsets: "16,0", "no [begin, end]"),
        Case("integers with a negative extent", type: "I64", shape: "-2", "whole number"),
        Case("more bytes than extents", type: "U8", "has 16 bytes, but its shape asks for 4 values of a byte"),
        Case("fewer bytes than extents", type: "U8", shape: "17", "asks for 17 values of a byte"),
        Case("extents of bytes beyond Int", type: "U8", shape: "4294967296,4294967296", "beyond counting"),
        Case("negative extent", shape: "-2,2", "whole number"),
        Case("fractional extent", shape: "2.0,2", "whole number"),
        Case("extent with an exponent", shape: "2e0,2", "whole number"),
        Case("extent with a leading zero", shape: "02,2", "whole number"),
        Case("extent that is text", shape: "\"2\",2", "whole number"),
        Case("extent beyond Int", shape: "9223372036854775808", "beyond counting"),
        Case("extents whose product is beyond Int", shape: "4294967296,4294967296", "beyond counting"),
        Case("extents whose bytes are beyond Int", shape: "4611686018427387904", "asks for 4611686018427387904 values"),
        Case("more values than bytes", shape: "2,3", "asks for 6 values"),
        Case("fewer values than bytes", shape: "3", "asks for 3 values"),
        Case("bytes that are no whole values", shape: "2,2", offsets: "0,15", "has 15 bytes"),
        Case("end before begin", offsets: "16,0", "no [begin, end]"),
        Case("one offset", offsets: "16", "no [begin, end]"),
        Case("three offsets", offsets: "0,8,16", "no [begin, end]"),
        Case("negative offset", offsets: "-4,12", "whole number"),
        Case("offset beyond the file", offsets: "0,1048576", "ends at byte 1048576"),
        Case("offset beyond Int", offsets: "0,99999999999999999999", "beyond counting"),
        Case(
            "overlapping tensors", header: "{\(a),\(SafetensorsBytes.entry("b", shape: "2", offsets: "8,16"))}",
            tensor: "b",
            "overlaps"),
        Case(
            "the same bytes twice", header: "{\(a),\(SafetensorsBytes.entry("b", shape: "4", offsets: "0,16"))}",
            tensor: "b", "overlaps"),
        Case(
            "a tensor of another type over the one before",
            header: "{\(a),\(SafetensorsBytes.entry("b", type: "I64", shape: "1", offsets: "8,16"))}", tensor: "b",
            "overlaps"),
        Case(
            "a hole between tensors",
            header:
                "{\(SafetensorsBytes.entry("a", shape: "1", offsets: "0,4")),\(SafetensorsBytes.entry("b", shape: "1", offsets: "12,16"))}",
            tensor: "b", "begins 8 bytes after"),
        Case(
            "an unknown entry", header: #"{"a":{"dtype":"F32","strides":[1]}}"#, tensor: "a",
            "unknown entry \"strides\""),
    ]

    @Test(arguments: lengths + texts + entries)
    func `a malformed file is refused with file, tensor and reason`(_ malformed: Case) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(malformed.bytes)
        let error = try #require(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
        #expect(error.reason.contains(malformed.reason), "said: \(error)")
        #expect(error.tensor == malformed.tensor, "said: \(error)")
        #expect(error.file == path)
        #expect(error.description.hasPrefix(path) && error.description.contains(error.remedy))
        #expect(error.description.count < path.count + 400 && !error.description.contains("\n"), "said: \(error)")
    }

    @Test
    func `a header beyond 16 MiB is refused before it is read`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(SafetensorsBytes.file(header: "{}", data: [], headerLength: 17 << 20))
        try #require(truncate(path, 20 << 20) == 0)
        let error = try #require(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
        #expect(error.reason.contains("longest accepted"), "said: \(error)")
    }

    @Test
    func `paths that are no readable file are refused, a pipe without waiting for its other end`() throws {
        let folder = try TemporaryFolder()
        let pipe = "\(folder.path)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let file = try folder.file(SafetensorsBytes.whole)
        for (path, reason) in [
            (folder.path, "is a directory"), (pipe, "is no regular file"), ("/dev/zero", "is no regular file"),
            ("\(folder.path)/none", "No such file"), ("", "No such file"), ("\(file)/x", "Not a directory"),
            ("\(file)\0.png", "zero in its name"), (String(repeating: "x", count: 5000), "too long"),
        ] {
            let error = try #require(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
            #expect(error.reason.contains(reason), "said: \(error)")
        }
    }

    @Test
    func `a tensor that is missing or of another shape is refused by name`() throws {
        let folder = try TemporaryFolder()
        let file = try SafetensorsFile(path: try folder.file(SafetensorsBytes.whole))
        let missing = try #require(throws: SafetensorsError.self) { try file.tensor(named: "c") }
        #expect(
            missing.tensor == "c" && missing.reason == "is not in the file" && missing.remedy.contains("\"a\", \"b\""))
        let unreadable = try #require(throws: SafetensorsError.self) { try file.tensor(named: "c", shape: [1]) }
        #expect(unreadable == missing)
        let shape = try #require(throws: SafetensorsError.self) { try file.tensor(named: "a", shape: [4]) }
        #expect(shape.tensor == "a" && shape.reason == "has shape [2, 2]; needed is [4]")
    }

    @Test
    func `a tensor of the other type is refused by name`() throws {
        let folder = try TemporaryFolder()
        let header = "{\(Self.a),\(SafetensorsBytes.entry("b", type: "U8", shape: "3", offsets: "16,19"))}"
        let bytes = SafetensorsBytes.file(header: header, data: SafetensorsBytes.floats(1, 2, 3, 4) + [7, 8, 255])
        let file = try SafetensorsFile(path: try folder.file(bytes))
        #expect(try file.byteTensor(named: "b") == ByteTensor(shape: [3], values: [7, 8, 255]))
        #expect(file.isByteTensor("b") && !file.isByteTensor("a") && !file.isByteTensor("c"))
        let asFloats = try #require(throws: SafetensorsError.self) { try file.tensor(named: "b") }
        #expect(asFloats.tensor == "b" && asFloats.reason == "is U8; expected F32", "said: \(asFloats)")
        let asBytes = try #require(throws: SafetensorsError.self) { try file.byteTensor(named: "a") }
        #expect(asBytes.tensor == "a" && asBytes.reason == "is F32; expected U8", "said: \(asBytes)")
        var pieces: [UInt8] = []
        try file.forEachPiece { pieces += $0 }
        #expect(pieces == bytes)
    }

    @Test(arguments: ["I64", "BF16", "F64", "F16", "BOOL", "F8_E4M3", "", "a type of the future\n"])
    func `a tensor of a type that cannot be read harms only who reads it`(type: String) throws {
        let folder = try TemporaryFolder()
        // The format writes a line break as its escape.
        let written = type.replacingOccurrences(of: "\n", with: "\\n")
        let header = "{\(Self.a),\(SafetensorsBytes.entry("b", type: written, shape: "", offsets: "16,24"))}"
        let data = SafetensorsBytes.floats(1, 2, 3, 4) + [UInt8](repeating: 0, count: 8)
        let file = try SafetensorsFile(path: try folder.file(SafetensorsBytes.file(header: header, data: data)))
        #expect(file.names == ["a", "b"] && file.shape(of: "b") == [])
        #expect(try file.tensor(named: "a").values == [1, 2, 3, 4])
        let word = type.isEmpty || type.contains(" ") ? String(reflecting: type) : type
        for read in [{ try _ = file.tensor(named: "b", shape: []) }, { try _ = file.byteTensor(named: "b") }] {
            let error = try #require(throws: SafetensorsError.self) { try read() }
            #expect(error.tensor == "b" && error.reason.hasPrefix("is \(word); expected "), "said: \(error)")
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, .signalingNaN])
    func `infinity and NaN are refused with tensor and place where finite numbers are asked for`(_ value: Float) throws
    {
        let folder = try TemporaryFolder()
        let header = "{\(Self.a)}"
        let path = try folder.file(SafetensorsBytes.file(header: header, data: SafetensorsBytes.floats(1, 2, value, 4)))
        let file = try SafetensorsFile(path: path)
        #expect(try file.tensor(named: "a").values[2].isFinite == false)
        let error = try #require(throws: SafetensorsError.self) { try file.finiteTensor(named: "a", shape: [2, 2]) }
        #expect(error.tensor == "a" && error.reason.hasSuffix("as value number 2"), "said: \(error)")
        #expect(throws: SafetensorsError.self) { try file.finiteTensor(named: "a", shape: [4]) }
    }

    @Test
    func `a file that becomes shorter after it was opened is an error`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(SafetensorsBytes.whole)
        let file = try SafetensorsFile(path: path)
        try #require(truncate(path, 100) == 0)
        let error = try #require(throws: SafetensorsError.self) { try file.tensor(named: "b") }
        #expect(error.tensor == "b" && error.reason.contains("shorter"), "said: \(error)")
    }

    @Test
    func `a name from the file cannot break the lines of an error message, nor flood it`() {
        let error = SafetensorsError(
            file: "f", tensor: "a\n\u{1b}[31m" + String(repeating: "x", count: 10_000), reason: "is wrong",
            remedy: "Mend it")
        #expect(
            !error.description.contains("\n") && !error.description.contains("\u{1b}") && error.description.count < 250)
    }
}
