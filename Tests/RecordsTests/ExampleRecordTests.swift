import Disk
import Foundation
import Testing

@testable import Records

@Suite struct ExampleRecordTests {
    private var record: ExampleRecord {
        let size = ExampleRecord.Size(height: 2, width: 3)
        let example = ExampleRecord.Example(picture: 1, activation: 0.1, peak: 0.3, row: 1, column: 2)
        let unit = ExampleRecord.Unit(mean: 0.1, standardDeviation: 0.2, strongest: [example], weakest: [example])
        return ExampleRecord(
            key: "k", engineRevision: "7", network: ExampleRecord.Network(name: "n", digest: "d"), image: size,
            pictures: ["a", "b"].map { ExampleRecord.Picture(path: $0, digest: "d", size: size) }, skipped: [],
            layers: [
                ExampleRecord.Layer(name: "one", firstColumn: 0, map: size, units: [unit, unit]),
                ExampleRecord.Layer(name: "two", firstColumn: 2, map: size, units: [unit]),
            ], activations: "d")
    }

    @Test func `a record is read as it was written`() throws {
        #expect(try ExampleRecord(decoding: try record.json()) == record)
        #expect(record.isConsistent && record.unitCount == 3 && record.layer("two")?.firstColumn == 2)
    }

    @Test func `a record whose numbers do not fit is none`() {
        let changes: [(inout ExampleRecord) -> Void] = [
            { $0.version = 2 }, { $0.layers[1].firstColumn = 1 }, { $0.pictures.removeLast() },
            { $0.layers[0].units[1].weakest[0].picture = -1 }, { $0.layers[0].units[0].strongest[0].row = 2 },
            { $0.layers[0].map.width = 2 }, { $0.layers[1].map.height = -1 },
        ]
        for (number, change) in changes.enumerated() {
            var other = record
            change(&other)
            #expect(!other.isConsistent, "\(number)")
        }
    }

    @Test func `activations are kept in 16 bits, and none is lost to infinity`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let rows: [[Float]] = [[0, -1.5, 1e9], [0.1, -1e9, 3]]
        let bytes =
            ActivationTable.header(pictures: 2, units: 3, key: "k") + rows.flatMap { ActivationTable.row($0) }
        try Data(bytes).write(to: URL(filePath: path))
        let table = try ActivationTable(path, of: record)
        #expect(try table.row(ofPicture: 0) == [0, -1.5, 65504])
        #expect(try table.columns([2, 0]) == [[65504, 3], [0, Float(Float16(0.1))]])
        let header = try #require(
            try JSONSerialization.jsonObject(with: Data(bytes[8..<1024])) as? [String: [String: Any]])
        #expect(header["activations"]?["shape"] as? [Int] == [2, 3])
        #expect(bytes.prefix(8) == [0xF8, 3, 0, 0, 0, 0, 0, 0])
        try Data(bytes.dropLast()).write(to: URL(filePath: path))
        #expect(throws: DiskError.self) { try ActivationTable(path, of: record) }
    }
}
