import Foundation

@testable import ConvNet

/// A folder that goes away with the last reference to it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes bytes to a file of this folder and returns its path.
    func file(_ bytes: [UInt8], named name: String = "file.safetensors") throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// The bytes of safetensors files, whole or wrong in one place.
enum SafetensorsBytes {
    static func file(header: String, data: [UInt8], headerLength: UInt64? = nil) -> [UInt8] {
        file(header: Array(header.utf8), data: data, headerLength: headerLength)
    }

    static func file(header: [UInt8], data: [UInt8], headerLength: UInt64? = nil) -> [UInt8] {
        withUnsafeBytes(of: (headerLength ?? UInt64(header.count)).littleEndian, Array.init) + header + data
    }

    static func floats(_ values: Float...) -> [UInt8] {
        values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    }

    /// One tensor's entry in a header.
    static func entry(_ name: String, type: String = "F32", shape: String, offsets: String) -> String {
        #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
    }

    /// A file of two tensors, a [2, 2] and b [1], and one entry of metadata.
    static let whole = file(
        header: "{\"__metadata__\":{\"padding\":\"symmetric\"},"
            + entry("a", shape: "2,2", offsets: "0,16") + "," + entry("b", shape: "1", offsets: "16,20") + "}",
        data: floats(1, 2, 3, 4, 5))
}
