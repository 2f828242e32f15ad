import Film
import Foundation
import Testing

@Suite struct WeightsCommandTests {
    /// A safetensors file of a header and some bytes.
    private static func file(_ header: String, length: UInt64? = nil, bytes: Int = 0) -> Data {
        var data = Data()
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { data.append(contentsOf: $0) }
        data.append(Data(header.utf8))
        data.append(Data(count: bytes))
        return data
    }

    private static let malformed: [(name: String, data: Data)] = [
        ("empty", Data()),
        ("seven bytes", Data(count: 7)),
        ("text", Data("these are no weights at all".utf8)),
        ("header length 0", file("", length: 0)),
        ("header beyond the end", file("{}", length: 1000)),
        ("header of 2^63 bytes", file("{}", length: 1 << 63)),
        ("header of 2^64 - 1 bytes", file("{}", length: .max)),
        ("header is no JSON", file("{]")),
        ("header is a list", file("[]")),
        ("no tensors", file("{}")),
        ("no metadata", file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, bytes: 4)),
        ("offsets beyond the end", file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#)),
        ("offsets backwards", file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, bytes: 4)),
        ("negative offset", file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, bytes: 4)),
        (
            "shape overflows",
            file(#"{"x":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#, bytes: 4)
        ),
        ("negative shape", file(#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, bytes: 4)),
        ("other type", file(#"{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, bytes: 4)),
        ("shape is text", file(#"{"x":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}"#, bytes: 4)),
    ]

    @Test(arguments: malformed.indices)
    func `malformed weights are exit code 2, with the file's name`(index: Int) throws {
        let scratch = try Scratch()
        let (name, data) = Self.malformed[index]
        try scratch.write(data, "bad/mobilenet_v2.safetensors")
        try scratch.write(Manifests.tiny(), "a.json")
        let outcome = try Command.run("render", "a.json", "--networks", "bad", in: scratch)
        #expect(outcome.status == 2, "\(name): \(outcome)")
        #expect(outcome.messages.contains("bad/mobilenet_v2.safetensors"), "\(name): \(outcome)")
        #expect(scratch.entries() == ["a.json", "bad"], "\(name)")
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `weights with a counter beside them, as PyTorch writes it, are read; those of F16 are named`() throws {
        let scratch = try Scratch()
        let real = try Data(contentsOf: URL(fileURLWithPath: Command.weights))
        let length = real.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = String(decoding: real[8..<8 + length], as: UTF8.self).trimmingCharacters(in: .whitespaces)
        let values = Data(real[(8 + length)...])
        let counter = #","features.0.1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":"#
        try scratch.write(
            Self.file(header.dropLast() + counter + "[\(values.count),\(values.count + 8)]}}") + values
                + Data(count: 8),
            "counter/mobilenet_v2.safetensors")
        // As many bytes, so that only the type is at fault.
        let halves = header.replacingOccurrences(of: "\"F32\"", with: "\"F16\"")
        try scratch.write(Self.file(halves) + values, "halves/mobilenet_v2.safetensors")
        try PNG.write(Bitmap(width: 32, height: 32, color: (9, 99, 199)), to: "\(scratch.path)/a.png")
        func probe(_ networks: String) throws -> Command.Outcome {
            try Command.run(
                "probe", "--input", "a.png", "--layer", "block_1_project_BN", "--networks", networks, in: scratch)
        }
        let counted = try probe("counter")
        #expect(try counted.status == 0 && counted.output == probe(Command.networks).output, "\(counted)")
        let half = try probe("halves")
        #expect(half.status == 2 && half.messages.contains("is F16; expected F32"), "\(half)")
    }

    @Test(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a copy of the real weights that is too short or too long is exit code 2`() throws {
        let scratch = try Scratch()
        let real = try Data(contentsOf: URL(fileURLWithPath: Command.weights))
        try scratch.write(Manifests.tiny(), "a.json")
        for (name, data) in [("short", real.dropLast(4)), ("half", real.prefix(real.count / 2)), ("long", real + [0])] {
            try scratch.write(Data(data), "bad/mobilenet_v2.safetensors")
            let outcome = try Command.run("render", "a.json", "--networks", "bad", in: scratch)
            #expect(outcome.status == 2, "\(name): \(outcome)")
            #expect(outcome.messages.contains("bad/mobilenet_v2.safetensors"), "\(name): \(outcome)")
        }
    }

    @Test func `missing weights are an error that says how to get them`() throws {
        let scratch = try Scratch()
        try scratch.write(Manifests.tiny(), "a.json")
        for arguments in [["render", "a.json"], ["probe", "--input", "a.png", "--layer", "block_2_add"]] {
            let outcome = try Command.start(arguments, in: scratch, environment: ["FACETREEL_NETWORKS": ""]).wait()
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.messages.contains("make weights"), "\(outcome)")
        }
    }
}
