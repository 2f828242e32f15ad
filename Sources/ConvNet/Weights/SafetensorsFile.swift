import Disk

/// A safetensors file: its header checked and held, its values read when asked for. Tensors of F32 and U8 can be read;
/// a file may hold others besides, which are an error only for who asks for them.
///
/// The format: the header's length (8 bytes, little-endian), the header (JSON), the values of all tensors end to end.
/// Nothing of the file is trusted; no more memory is taken than the file has bytes.
public struct SafetensorsFile: Sendable {
    /// As it was given.
    public let path: String
    /// The header's `__metadata__`.
    public var metadata: [String: String] { header.metadata }
    /// Names of the tensors, sorted.
    public let names: [String]

    private let header: SafetensorsHeader
    private let file: OpenFile
    /// Where the data begins, in bytes from the start of the file.
    private let dataStart: Int

    /// A header is a few dozen bytes per tensor: one beyond this is no header.
    static let longestHeader = 16 << 20

    private static let damaged = "The file is damaged or of another kind: fetch or write it again"
    private static let disturbed = "Leave the file alone and try again"

    /// Opens a file, reads its header and checks it against the file's size.
    public init(path: String) throws(SafetensorsError) {
        self.path = path
        do throws(DiskError) {
            file = try OpenFile(path: path)
        } catch {
            throw SafetensorsError(error, remedy: "Give the path of a readable safetensors file")
        }
        let text: [UInt8]
        do throws(DiskError) {
            text = try SafetensorsFile.headerText(of: file)
        } catch {
            throw SafetensorsError(error, remedy: SafetensorsFile.damaged)
        }
        dataStart = 8 + text.count
        do throws(SafetensorsHeader.Problem) {
            header = try SafetensorsHeader(text: text, dataLength: file.size - dataStart)
        } catch {
            throw SafetensorsError(
                file: path, tensor: error.tensor, reason: error.reason, remedy: SafetensorsFile.damaged)
        }
        names = header.entries.keys.sorted()
    }

    /// Reads the header, after checking that the file has room for the length that it promises.
    private static func headerText(of file: OpenFile) throws(DiskError) -> [UInt8] {
        guard file.size >= 8 else {
            throw DiskError(file.path, "has \(file.size) bytes, too few for the length of a header")
        }
        let numbers: [UInt64] = try file.values(1, at: 0)
        let length = UInt64(littleEndian: numbers[0])
        let rest = file.size - 8
        guard length <= rest else {
            throw DiskError(file.path, "promises a header of \(length) bytes, but only \(rest) follow")
        }
        guard length <= longestHeader else {
            throw DiskError(
                file.path, "promises a header of \(length) bytes; the longest accepted is \(longestHeader)")
        }
        return try file.values(Int(length), at: 8)
    }

    /// The shape of a tensor; nil if there is none of that name.
    public func shape(of name: String) -> [Int]? {
        header.entries[name]?.shape
    }

    /// Reads an F32 tensor. Safe to call from several threads.
    public func tensor(named name: String) throws(SafetensorsError) -> Tensor {
        let entry = try entry(named: name, .float)
        return Tensor(shape: entry.shape, values: try values(of: name, entry))
    }

    /// Reads a U8 tensor. Safe to call from several threads.
    public func byteTensor(named name: String) throws(SafetensorsError) -> ByteTensor {
        let entry = try entry(named: name, .byte)
        return ByteTensor(shape: entry.shape, values: try values(of: name, entry))
    }

    /// Whether the tensor holds bytes; false where there is none of that name.
    public func isByteTensor(_ name: String) -> Bool { header.entries[name]?.kind == .byte }

    /// Gives all bytes of the file to `use`, piece by piece from the first one on, for example for a digest.
    public func forEachPiece(_ use: ([UInt8]) -> Void) throws(SafetensorsError) {
        let length = 1 << 18
        for start in stride(from: 0, to: file.size, by: length) {
            do throws(DiskError) {
                use(try file.values(min(length, file.size - start), at: start))
            } catch {
                throw SafetensorsError(error, remedy: SafetensorsFile.disturbed)
            }
        }
    }

    private func entry(named name: String, _ kind: SafetensorsHeader.Kind) throws(SafetensorsError)
        -> SafetensorsHeader.Entry
    {
        guard let entry = header.entries[name] else {
            throw SafetensorsError(
                file: path, tensor: name, reason: "is not in the file",
                remedy: names.isEmpty ? "The file has no tensors" : "It has \(listed(names))")
        }
        guard entry.kind == kind else {
            throw SafetensorsError(
                file: path, tensor: name,
                reason: "is \(SafetensorsError.printable(entry.type)); expected \(kind.rawValue)",
                remedy: "Give a file that has this tensor as \(kind.rawValue)")
        }
        return entry
    }

    /// - Parameter entry: its kind has been checked, and with it that its bytes are whole values.
    private func values<Value: BitwiseCopyable>(
        of name: String, _ entry: SafetensorsHeader.Entry
    ) throws(SafetensorsError) -> [Value] {
        do throws(DiskError) {
            let count = entry.bytes.count / MemoryLayout<Value>.size
            return try file.values(count, at: dataStart + entry.bytes.lowerBound)
        } catch {
            throw SafetensorsError(error, tensor: name, remedy: SafetensorsFile.disturbed)
        }
    }

    /// Reads a tensor that must be of the given shape.
    public func tensor(named name: String, shape: [Int]) throws(SafetensorsError) -> Tensor {
        if let found = self.shape(of: name), found != shape {
            throw SafetensorsError(
                file: path, tensor: name, reason: "has shape \(found); needed is \(shape)",
                remedy: "Give a file whose tensors have the needed shapes")
        }
        return try tensor(named: name)
    }

    /// Reads a tensor that must be of the given shape and hold neither infinity nor NaN.
    public func finiteTensor(named name: String, shape: [Int]) throws(SafetensorsError) -> Tensor {
        let tensor = try tensor(named: name, shape: shape)
        if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
            throw SafetensorsError(
                file: path, tensor: name, reason: "holds \(tensor.values[index]) as value number \(index)",
                remedy: "Give a file of finite numbers")
        }
        return tensor
    }

    private func listed(_ names: [String]) -> String {
        let shown = names.prefix(8).map(SafetensorsError.quoted).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}
