import Disk
import Foundation

/// The mean activations of all units for all pictures: a safetensors file of one tensor `activations`
/// `[pictures, units]` of 16-bit floats, row by row, behind a header of 1024 bytes.
public struct ActivationTable: Sendable {
    public let pictureCount: Int
    public let unitCount: Int
    private let file: OpenFile

    public static let headerSize = 1024
    private static let valueSize = 2

    /// - Throws: `DiskError` where it cannot be read, or is not as large as the record says.
    public init(_ path: String, of record: ExampleRecord) throws(DiskError) {
        file = try OpenFile(path: path)
        (pictureCount, unitCount) = (record.pictures.count, record.unitCount)
        guard file.size == Self.size(pictures: pictureCount, units: unitCount) else {
            throw DiskError(path, "is not the file of this record", remedy: "remove its folder, and it is made again")
        }
    }

    /// Bytes of a file.
    public static func size(pictures: Int, units: Int) -> Int { headerSize + pictures * units * valueSize }

    /// The first bytes of a file.
    /// - Parameter key: that of the record.
    public static func header(pictures: Int, units: Int, key: String) -> [UInt8] {
        let text =
            #"{"__metadata__":{"key":"\#(key)"},"activations":{"dtype":"F16","shape":[\#(pictures),\#(units)],"#
            + #""data_offsets":[0,\#(pictures * units * valueSize)]}}"#
        let length = headerSize - 8
        let count = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return count + text.utf8 + [UInt8](repeating: 0x20, count: length - text.utf8.count)
    }

    /// A picture's values as they are written: rounded, and no larger than the largest that there is.
    public static func row(_ means: [Float]) -> [UInt8] {
        let most = Float(Float16.greatestFiniteMagnitude)
        return means.flatMap { mean in
            let bits = Float16(min(max(mean, -most), most)).bitPattern
            return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
        }
    }

    /// The values of all units for a picture.
    public func row(ofPicture picture: Int) throws(DiskError) -> [Float] {
        precondition((0..<pictureCount).contains(picture), "the picture is one of the table's")
        return try values(rows: picture..<picture + 1)
    }

    /// The values of some units for all pictures, each `[pictures]`.
    /// - Parameter columns: places in a row.
    public func columns(_ columns: [Int]) throws(DiskError) -> [[Float]] {
        precondition(columns.allSatisfy { (0..<unitCount).contains($0) }, "the units are the table's")
        var values = [[Float]](repeating: [], count: columns.count)
        let step = max(1, (1 << 20) / max(unitCount, 1))
        for first in stride(from: 0, to: pictureCount, by: step) {
            let rows = first..<min(first + step, pictureCount)
            let part = try self.values(rows: rows)
            for (index, column) in columns.enumerated() {
                values[index] += rows.indices.map { part[($0 - first) * unitCount + column] }
            }
        }
        return values
    }

    private func values(rows: Range<Int>) throws(DiskError) -> [Float] {
        let bits: [UInt16] = try file.values(
            rows.count * unitCount, at: Self.headerSize + rows.lowerBound * unitCount * Self.valueSize)
        return bits.map { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
    }
}
