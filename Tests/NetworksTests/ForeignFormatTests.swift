import Foundation
import Networks
import NetworksSupport
import Testing

/// What is no ONNX file is called by its name, with the way from there to ONNX.
@Suite struct ForeignFormatTests {
    @Test func `files of other formats are called by their names`() throws {
        let folder = try ONNXFixture.makeFolder()
        func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
        let header = ascii("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")
        for (name, bytes, words) in [
            ("a.onnx", [], ["is empty"]),
            (
                "lfs.onnx", ascii("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
                ["git-LFS pointer", "git lfs pull"]
            ),
            (
                "a.pt", ascii("PK\u{3}\u{4}") + [UInt8](repeating: 0, count: 26) + ascii("archive/data.pkl"),
                ["torch.onnx.export"]
            ),
            (
                "a.keras", ascii("PK\u{3}\u{4}") + [UInt8](repeating: 0, count: 26) + ascii("metadata.json"),
                ["Keras", "tf2onnx"]
            ),
            ("a.pth", [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46], ["pickle", "torch.onnx.export"]),
            ("a.h5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0], ["HDF5", "tf2onnx"]),
            (
                "a.safetensors", [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [0, 0, 0, 0],
                ["safetensors", "torch.onnx.export"]
            ),
            ("a.tflite", [0x1C, 0, 0, 0] + ascii("TFL3") + [0, 0], ["TensorFlow Lite"]),
            ("a.ort", [0x1C, 0, 0, 0] + ascii("ORTM") + [0, 0], [".ort"]), ("a.gz", [0x1F, 0x8B, 8, 0], ["gunzip"]),
            ("saved_model.pb", [0x08, 0x01, 0x12, 0x05, 0x0A, 3, 1, 2, 3], ["SavedModel", "tf2onnx"]),
            ("a.json", ascii("{\n  \"name\": \"mine\"\n}\n"), ["is a text", "{  \"name\": \"mine\"}"]),
            (
                "a.html", ascii("<!DOCTYPE html>\n<html><body>404 – not found</body></html>"),
                ["is a text", "<!DOCTYPE html>"]
            ),
            ("a.onnx.data", [UInt8](repeating: 7, count: 64), ["Name the .onnx file beside it"]),
            ("noise.onnx", [0xC3, 0x11, 0xFE, 0x00, 0x90], ["no ONNX file"]),
        ] as [(String, [UInt8], [String])] {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
            let error = try #require(throws: NetworkError.self) { try ONNXModel(path: "\(folder)/\(name)") }
            for word in words { #expect(error.description.contains(word), "\(name): \(error)") }
            #expect(!error.description.contains("\n"))
        }
    }

    @Test func `a network whose bytes look like something else is a network`() throws {
        var fixture = ONNXFixture.small
        fixture.irVersion = 1
        #expect(try ONNXModel(path: fixture.write(name: "saved_model.pb")).nodes.count == 2)
        #expect(try ONNXModel(path: fixture.write(name: "network.data")).nodes.count == 2)
    }

    @Test func `folders, pipes and nothing are refused`() throws {
        let folder = try ONNXFixture.makeFolder()
        func message(_ path: String) throws -> String {
            try #require(throws: NetworkError.self) { try ONNXModel(path: path) }.description
        }
        #expect(try message(folder).contains("is a directory"))
        try Data([1]).write(to: URL(filePath: "\(folder)/saved_model.pb"))
        #expect(try message(folder).contains("SavedModel"))
        #expect(try message("\(folder)/none.onnx").contains("No such file"))
        #expect(try message("\(folder)/a\0b.onnx").contains("zero in its name"))
        #expect(mkfifo("\(folder)/pipe.onnx", 0o666) == 0)
        #expect(try message("\(folder)/pipe.onnx").contains("no regular file"))
    }
}
