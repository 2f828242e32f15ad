import Foundation
import JSON
import PipelineSupport
import Testing

@testable import ConvNet
@testable import PipelineSupport

/// Whatever a file of tensors is, it is read, or refused with a reason.
struct WeightsFuzzTests {
    /// A file's header, and how many bytes follow.
    private struct Original {
        let header: [UInt8]
        let value: JSONValue
        let dataLength: Int
    }

    private static func original(_ file: [UInt8], size: Int) throws -> Original {
        let length = Int(file[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let header = Array(file[8..<8 + length])
        return Original(
            header: header, value: try JSONDecoder().decode(JSONValue.self, from: Data(header)),
            dataLength: size - 8 - length)
    }

    /// A few tensors of both types.
    private static func small() throws -> Original {
        let contents = try SafetensorsContents(
            [
                ("features.0.0.weight", .floats(Tensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]))),
                ("b", .bytes(ByteTensor(shape: [3], values: [1, 2, 3]))),
                ("scalar", .floats(Tensor(shape: [], values: [7]))),
                ("empty", .floats(Tensor(shape: [0, 4], values: []))),
            ],
            metadata: [
                "padding": "symmetric", "normalization_mean": "[0.485, 0.456, 0.406]",
                "normalization_std": "[0.229, 0.224, 0.225]",
            ])
        return try original(contents.header, size: contents.header.count + 24 + 3 + 4)
    }

    @Test func `a file of tensors of any bytes is read, or refused with a reason`() throws {
        let small = try Self.small()
        let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let path = "\(folder)/facetreel-fuzz-weights-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(path) }
        var opened = 0
        Fuzz.run("weights", short: 1000, long: 100_000) { number, random in
            let original = small
            var header = original.header
            switch random.below(3) {
            case 0: header = Damage.damaged(header, others: [small.header], &random)
            case 1: header = JSONDamage().damaged(original.value, &random)
            default: break
            }
            var length = UInt64(header.count)
            if random.isOne(in: 8) {
                length = random.pick([
                    0, 1, 7, length - min(length, 1), length + 1, UInt64(original.dataLength) + length, 1 << 24,
                    (1 << 24) + 1, 1 << 32, 1 << 62, 1 << 63, .max, .max - 7,
                ])
            }
            var size = 8 + header.count + original.dataLength
            if random.isOne(in: 8) {
                size = random.pick([0, 1, 7, 8, 9, 8 + header.count, size - min(size, 1), size + 1, size + 1 << 20])
            }
            try Self.write(length, header, size: size, to: path)
            let file: SafetensorsFile
            do throws(SafetensorsError) { file = try SafetensorsFile(path: path) } catch {
                try Self.check(error.description)
                return
            }
            opened += 1
            for name in file.names.prefix(100) {
                do throws(SafetensorsError) {
                    if file.isByteTensor(name) {
                        _ = try file.byteTensor(named: name)
                    } else {
                        _ = try file.tensor(named: name)
                    }
                    _ = try file.finiteTensor(named: name, shape: [2, 3])
                } catch {
                    try Self.check(error.description)
                }
            }
        }
        print("\(opened) were safetensors")
    }

    /// Messages name the file and end somewhere.
    private static func check(_ message: String) throws {
        guard message.contains("facetreel-fuzz-weights"), message.utf8.count < 8000 else {
            throw Fuzz.Finding("the message \(message.prefix(8000))")
        }
    }

    /// The data are a hole, so that large files cost nothing.
    private static func write(_ length: UInt64, _ header: [UInt8], size: Int, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Fuzz.Finding("\(path) cannot be made") }
        defer { close(descriptor) }
        let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + header
        let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, ftruncate(descriptor, off_t(size)) == 0 else {
            throw Fuzz.Finding("\(path) cannot be written")
        }
    }
}
