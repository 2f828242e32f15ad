import ConvNet
import Disk
import Foundation

/// The form of a cache's files: safetensors whose metadata hold the stage's numbers and a SHA-256 of the whole file.
/// For the digest its own 64 digits count as zeros, so that damage anywhere in the file is noticed.
public enum StageFile {
    /// "sha256" is the first key in the order of bytes, so that its value lies at a fixed place.
    private enum Key {
        static let digest = "sha256"
        static let stage = "stage_key"
        static let state = "state"
    }

    private static let prefix = Array(#"{"__metadata__":{"sha256":""#.utf8)
    private static let digits = 8 + prefix.count..<8 + prefix.count + 64

    /// Reads a file and checks it: its form, its digest, and that it is the one of `key`.
    /// - Throws: `SafetensorsError`, `StageRecordError`.
    public static func read(_ path: String, key: String) throws -> StageRecord {
        let file = try SafetensorsFile(path: path)
        guard let digest = file.metadata[Key.digest], try digest == self.digest(of: file) else {
            throw StageRecordError(description: "its bytes are not those that were written")
        }
        guard file.metadata[Key.stage] == key, let state = file.metadata[Key.state] else {
            throw StageRecordError(description: "it is the file of another stage")
        }
        var tensors: [String: SafetensorsContents.Values] = [:]
        for name in file.names {
            tensors[name] =
                file.isByteTensor(name)
                ? .bytes(try file.byteTensor(named: name)) : .floats(try file.tensor(named: name))
        }
        return StageRecord(state: Data(state.utf8), tensors: tensors)
    }

    /// The digest of the whole file, with its own digits as zeros.
    private static func digest(of file: SafetensorsFile) throws(SafetensorsError) -> String {
        var failure: SafetensorsError?
        let digest = SHA256.hexDigest { feed in
            var isFirst = true
            do throws(SafetensorsError) {
                try file.forEachPiece { piece in
                    var piece = piece
                    if isFirst, piece.count >= digits.upperBound, piece[8..<digits.lowerBound].elementsEqual(prefix) {
                        piece.replaceSubrange(digits, with: repeatElement(UInt8(ascii: "0"), count: digits.count))
                    }
                    isFirst = false
                    piece.withUnsafeBytes(feed)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return digest
    }

    /// Hands over the bytes of the file of a record, piece by piece.
    public static func write(
        _ record: StageRecord, key: String, _ append: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let contents = try SafetensorsContents(
            record.tensors.map { (name: $0.key, values: $0.value) },
            metadata: [
                Key.digest: String(repeating: "0", count: digits.count), Key.stage: key,
                Key.state: String(decoding: record.state, as: UTF8.self),
            ])
        var header = contents.header
        precondition(header[8..<digits.lowerBound].elementsEqual(prefix), "the digest comes first")
        let digest = SHA256.hexDigest { feed in
            header.withUnsafeBytes(feed)
            contents.forEachTensor(feed)
        }
        header.replaceSubrange(digits, with: digest.utf8)
        try header.withUnsafeBytes(append)
        try contents.forEachTensor(append)
    }
}
