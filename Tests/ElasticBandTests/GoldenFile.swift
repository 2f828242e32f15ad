import Foundation

/// The little of safetensors that the golden test needs: F32 tensors of a trusted file.
struct GoldenFile {
    private let header: [String: Any]
    private let body: Data

    /// Nil where the shared folder beside the package is absent.
    init?(named name: String, source: String = #filePath) throws {
        let root = URL(fileURLWithPath: source)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        // Beside the package, or beside the folder of a git worktree.
        let candidates = ["../shared", "../../shared"].map {
            root.appendingPathComponent($0).appendingPathComponent("golden/\(name)")
        }
        guard let url = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) })
        else { return nil }
        let data = try Data(contentsOf: url)
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        body = Data(data[(8 + length)...])
        header = try JSONSerialization.jsonObject(with: data[8..<(8 + length)]) as? [String: Any] ?? [:]
    }

    /// The tensor's rows along its first axis, each flattened.
    func rows(_ name: String) -> [[Float]] {
        guard let entry = header[name] as? [String: Any], let shape = entry["shape"] as? [Int],
            let offsets = entry["data_offsets"] as? [Int]
        else { return [] }
        let values = body[offsets[0]..<offsets[1]].withUnsafeBytes { bytes in
            (0..<(bytes.count / 4)).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        let width = shape.dropFirst().reduce(1, *)
        return (0..<shape[0]).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
    }
}
