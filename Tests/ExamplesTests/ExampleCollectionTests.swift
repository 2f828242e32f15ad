import ConvNet
import Disk
import Film
import Foundation
import Networks
import Pipeline
import Records
import Testing

@testable import Examples

@Suite struct ExampleCollectionTests {
    @Test func `a record says what the network makes of each picture`() throws {
        let folder = try PictureFolder(40)
        let outcome = try folder.collection(workers: 2).collect()
        let record = outcome.record
        #expect(outcome.lookedAt == 40 && record.pictures.count == 40 && record.skipped.isEmpty)
        #expect(record.layers.map(\.name).contains("fc"), "\(record.layers.map(\.name))")
        let network = try folder.library.network(folder.reference)
        let table = try ActivationTable(outcome.place.activations, of: record)
        for layer in record.layers {
            let evaluator = try Evaluator(
                network: network, layer: layer.name, height: 32, width: 32, isForwardOnly: true)
            var means: [[Float]] = []
            var peaks: [[(value: Float, place: Int)]] = []
            for picture in record.pictures {
                let image = Image(
                    try Bitmap.reading(path: "\(folder.pictures)/\(picture.path)").classified(width: 32, height: 32))
                means.append(evaluator.meanActivations(of: image))
                let map = evaluator.activations(of: image)
                let units = layer.units.count
                peaks.append(
                    (0..<units).map { unit in
                        let values = stride(from: unit, to: map.values.count, by: units).map { map.values[$0] }
                        let place = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
                        return (values[place], place)
                    })
            }
            let columns = try table.columns(Array(layer.firstColumn..<layer.firstColumn + layer.units.count))
            for (number, unit) in layer.units.enumerated() {
                let values = means.map { $0[number] }
                #expect(unit.strongest.count == 16 && unit.weakest.count == 3)
                #expect(abs(unit.strongest[0].activation - (values.max() ?? 0)) < 1e-5)
                #expect(abs(unit.weakest[0].activation - (values.min() ?? 0)) < 1e-5)
                for example in unit.strongest + unit.weakest {
                    let peak = peaks[example.picture][number]
                    #expect(abs(example.activation - values[example.picture]) < 1e-5)
                    #expect(abs(example.peak - peak.value) < 1e-5)
                    #expect(example.row * layer.map.width + example.column == peak.place)
                }
                #expect(zip(columns[number], values).allSatisfy { abs($0 - $1) < 2e-3 * max(abs($1), 0.1) })
                #expect(try table.row(ofPicture: 7)[layer.firstColumn + number] == columns[number][7])
            }
        }
        #expect(record.activations == (try SHA256.hexDigest(ofFile: outcome.place.activations)))
    }

    @Test func `any number of workers makes the same bytes`() throws {
        let folder = try PictureFolder(60)
        let one = try PictureFolder.bytes(try folder.collection(output: "1", workers: 1).collect())
        for workers in [2, 5] {
            #expect(
                try PictureFolder.bytes(try folder.collection(output: "\(workers)", workers: workers).collect()) == one)
        }
    }

    @Test func `what was stopped goes on, and makes the same bytes`() throws {
        let folder = try PictureFolder(60)
        try folder.write("no picture", "p1003b.txt")
        let whole = try PictureFolder.bytes(try folder.collection(output: "whole").collect())
        for stop in [1, 5, 17, 40] {
            #expect(throws: Stopped.self) { try folder.collection(stopAfter: stop).collect() }
            let unfinished = FileManager.default.enumerator(atPath: "\(folder.path)/out")?.compactMap { "\($0)" } ?? []
            #expect(!unfinished.contains { $0.hasSuffix("examples.json") || $0.hasSuffix("activations.safetensors") })
        }
        let outcome = try folder.collection(workers: 2).collect()
        #expect(outcome.lookedAt == 21)
        #expect(try PictureFolder.bytes(outcome) == whole)
        #expect(folder.warnings.value == [])
        #expect(try folder.collection().collect().lookedAt == 0)
        let names = try Folder.entries(of: outcome.place.path)
        #expect(Set(names) == ["examples.json", "activations.safetensors"], "\(names)")
    }

    @Test func `a damaged checkpoint costs time and nothing else`() throws {
        let folder = try PictureFolder(30)
        let whole = try PictureFolder.bytes(try folder.collection(output: "whole").collect())
        for damage in 0..<3 {
            let output = "out\(damage)"
            #expect(throws: Stopped.self) { try folder.collection(output: output, stopAfter: 20).collect() }
            let all = ExampleFolder.all(cache: "\(folder.path)/\(output)/.cache")
            let key = try #require(try Folder.entries(of: all).first { $0.count == 64 })
            let place = ExampleFolder(cache: "\(folder.path)/\(output)/.cache", key: key)
            switch damage {
            case 0:
                var bytes = try WholeFile.bytes(of: place.checkpoint)
                bytes[bytes.count / 2] ^= 4
                try WholeFile.overwrite(place.checkpoint, with: bytes)
            case 1: try WholeFile.overwrite(place.unfinishedActivations, with: Data(count: 1500))
            default: try WholeFile.remove(place.unfinishedActivations)
            }
            folder.warnings.update { $0 = [] }
            let outcome = try folder.collection(output: output).collect()
            #expect(outcome.lookedAt == 30 && folder.warnings.value.count == 1, "\(folder.warnings.value)")
            #expect(try PictureFolder.bytes(outcome) == whole)
        }
    }

    @Test func `a kill between the last two steps loses nothing`() throws {
        let folder = try PictureFolder(20)
        let first = try folder.collection(interval: .zero).collect()
        let whole = try PictureFolder.bytes(first)
        #expect(throws: Stopped.self) { try folder.collection(output: "other", stopAfter: 19).collect() }
        let other = ExampleFolder(cache: "\(folder.path)/other/.cache", key: first.record.key)
        try GrowingFile(other.unfinishedActivations).publish(as: other.activations)
        let outcome = try folder.collection(output: "other").collect()
        #expect(outcome.lookedAt == 1 && folder.warnings.value == [])
        #expect(try PictureFolder.bytes(outcome) == whole)
    }

    @Test func `a record that is damaged is made again`() throws {
        let folder = try PictureFolder(20)
        let outcome = try folder.collection().collect()
        let whole = try PictureFolder.bytes(outcome)
        var text = try #require(String(data: whole[0], encoding: .utf8))
        text = text.replacing(#""picture":3"#, with: #""picture":20"#)
        for (path, bytes) in [
            (outcome.place.record, Data("{".utf8)), (outcome.place.record, Data(text.utf8)),
            (outcome.place.activations, whole[1].dropLast()),
        ] {
            try WholeFile.overwrite(path, with: bytes)
            let again = try folder.collection().collect()
            #expect(again.lookedAt == 20)
            #expect(try PictureFolder.bytes(again) == whole)
        }
    }

    @Test func `other bytes and other names make another record, another time does not`() throws {
        let folder = try PictureFolder(4)
        let first = try folder.collection().collect()
        try folder.write(PictureFolder.picture(0), PictureFolder.name(0))
        #expect(try folder.collection().collect().lookedAt == 0)
        try folder.write(PictureFolder.picture(9), PictureFolder.name(0))
        let second = try folder.collection().collect()
        #expect(second.lookedAt == 4 && second.record.key != first.record.key)
        try FileManager.default.moveItem(
            atPath: "\(folder.pictures)/\(PictureFolder.name(1))", toPath: "\(folder.pictures)/zz.png")
        #expect(try folder.collection().collect().record.pictures.map(\.path).last == "zz.png")
    }

    @Test func `what is broken is skipped with its name, and comes back`() throws {
        let folder = try PictureFolder(3)
        try folder.write("no picture", "a.txt")
        try folder.write("", "b.jpg")
        try folder.write(Bitmap(width: 1, height: 1, color: (9, 8, 7)), "one.png")
        let whole = try Data(contentsOf: URL(filePath: "\(folder.pictures)/\(PictureFolder.name(0))"))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: "\(folder.pictures)/cut.png"))
        try folder.link("dangling.png", to: "nowhere")
        let record = try folder.collection(workers: 2).collect().record
        #expect(record.pictures.map(\.path) == ["one.png"] + (0..<3).map(PictureFolder.name))
        #expect(record.skipped.map(\.path) == ["a.txt", "b.jpg", "cut.png", "dangling.png"])
        #expect(record.skipped.map(\.isTransient) == [false, false, false, true])
        #expect(record.pictures[0].size == ExampleRecord.Size(height: 1, width: 1))
        #expect(try folder.collection().collect().lookedAt == 0)
    }

    @Test func `where there is no picture, an error says what there is`() throws {
        let folder = try PictureFolder()
        let empty = try #require(throws: ExampleError.self) { try folder.collection().collect() }
        #expect("\(empty)".contains("has no file in it"))
        try folder.write("hello", "a.txt")
        let none = try #require(throws: ExampleError.self) { try folder.collection().collect() }
        #expect("\(none)".contains("the first is a.txt: is no picture that can be read"), "\(none)")
        #expect(throws: DiskError.self) {
            var collection = try folder.collection()
            collection.folder = "\(folder.path)/none"
            _ = try collection.collect()
        }
    }

    @Test func `two runs do not make the same record at once`() throws {
        let folder = try PictureFolder(3)
        let key = try folder.collection(output: "first").collect().record.key
        let place = ExampleFolder(cache: "\(folder.path)/out/.cache", key: key)
        let lock = try FileLock.take(place.lock)
        #expect(throws: ExamplesAreBeingMade.self) { try folder.collection().collect() }
        #expect(lock?.path == place.lock)
    }
}
