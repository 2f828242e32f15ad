import Foundation
import Networks
import NetworksSupport
import Testing

/// Weights in a second file: read where they belong to the network, and never anything else.
@Suite struct ExternalWeightsTests {
    private let folder: String
    private let data: String

    init() throws {
        folder = try ONNXFixture.makeFolder() + "/inner"
        data = "\(folder)/network.onnx.data"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(ONNXFixture.dataBesideSmall).write(to: URL(filePath: data))
    }

    private func read(_ entries: KeyValuePairs<String, String>? = nil) throws -> ONNXModel {
        var fixture = ONNXFixture.external
        if let entries { fixture.initializers[0] = .init("w", type: .float, [2, 3, 1, 1], .external(entries)) }
        return try ONNXModel(path: fixture.write(into: folder))
    }

    private func refuses(_ entries: KeyValuePairs<String, String>?, _ words: String...) throws {
        let error = try #require(throws: NetworkError.self) { try read(entries) }
        for word in words + ["weight \"w\""] { #expect(error.description.contains(word), "\(error)") }
    }

    @Test func `they are read from any byte on`() throws {
        let model = try read()
        #expect(try model.initializers["w"]?.floats() == [1, 2, 0, 0, 0, 1])
        #expect(try model.initializers["b"]?.floats() == [0, -0.25])
        #expect(model.files.map(\.path) == ["\(folder)/network.onnx", data])
    }

    @Test func `a file below the folder, or a link within it, is as good`() throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/deep", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: data, toPath: "\(folder)/deep/data")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "deep/data")
        for location in ["deep/data", "link", "./deep/data", "deep//data"] {
            #expect(try read(["location": location, "offset": "3"]).initializers["w"]?.floats().count == 6)
        }
    }

    @Test func `a folder reached through a link is its folder`() throws {
        let link = "\(folder)/../link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder)
        _ = try ONNXFixture.external.write(into: folder)
        #expect(try ONNXModel(path: "\(link)/network.onnx").initializers["w"]?.floats().count == 6)
    }

    @Test func `nothing outside of the folder is opened`() throws {
        try Data(ONNXFixture.dataBesideSmall).write(to: URL(filePath: "\(folder)/../outside"))
        for location in ["../outside", "/etc/hostname", data, "deep/../../outside", "", "..", "a\0b"] {
            try refuses(["location": location], "outside of the network's folder")
        }
        for (name, target) in [("relative", "../outside"), ("absolute", "/etc/hostname"), ("up", "..")] {
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
        }
        try refuses(["location": "relative"], "is a link to", "outside of the network's folder")
        try refuses(["location": "absolute"], "is a link to", "outside of the network's folder")
        try refuses(["location": "up/outside"], "is a link to", "outside of the network's folder")
        // A folder whose name only begins like the network's.
        try FileManager.default.createDirectory(atPath: "\(folder)2", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: data, toPath: "\(folder)2/data")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/like", withDestinationPath: "../inner2/data")
        try refuses(["location": "like"], "outside of the network's folder")
    }

    @Test func `what is missing is named`() throws {
        try FileManager.default.removeItem(atPath: data)
        try refuses(nil, "network.onnx.data", "is not beside the network", "copy that one, too")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try refuses(nil, "network.onnx.data", "is a directory")
        try FileManager.default.removeItem(atPath: data)
        #expect(mkfifo(data, 0o666) == 0)
        try refuses(nil, "is no regular file")
    }

    @Test func `offsets and lengths are numbers of bytes within the file`() throws {
        let name = "network.onnx.data"
        for offset in ["12", "35", "36", "9223372036854775807"] {
            try refuses(["location": name, "offset": offset], "bytes from byte \(offset) of", "which has 35")
        }
        for offset in ["-1", "+3", "0x3", "3.0", "", " 3", "9223372036854775808", "1e1", "٣"] {
            try refuses(["location": name, "offset": offset], "no number of bytes")
            try refuses(["location": name, "offset": "3", "length": offset], "no number of bytes")
        }
        try refuses(["location": name, "offset": "3", "length": "20"], "has 20 bytes", "needs 24")
        try refuses(["offset": "3"], "does not say in which")
    }

    @Test func `values are in one place`() throws {
        var fixture = ONNXFixture.external
        fixture.initializers[0] = .floats("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6])
        var tensor = ProtobufWriter()
        tensor.integer(2, 1)
        tensor.string(8, "both")
        tensor.data(9, [0, 0, 0, 0])
        tensor.integer(14, 1)
        var more = ProtobufWriter()
        more.data(5, tensor.bytes)
        fixture.moreOfGraph = more.bytes
        let error = try #require(throws: NetworkError.self) { try ONNXModel(path: fixture.write(into: folder)) }
        #expect(error.description.contains("weight \"both\": has its values twice"), "\(error)")
    }
}
