import Disk
import Foundation
import Testing

@testable import Pipeline

@Suite struct ReelFolderTests {
    private let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-tests-\(UInt64.random(in: 0...UInt64.max))").path

    private func entries(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func write(_ text: String, _ name: String, in folder: ReelFolder) throws {
        try folder.write(Data(text.utf8), name)
    }

    @Test func `nothing is visible before it is published, and no old facet stays after`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/eyes/block_12_add/1"
        for round in 1...2 {
            let folder = try ReelFolder(path: path)
            try write("film \(round)", "film.mp4", in: folder)
            try write("facet", "facets/\(round)-facet.png", in: folder)
            try write("{}", "film.json", in: folder)
            #expect(
                entries(path).filter { !$0.hasPrefix(".") } == (round == 1 ? [] : ["facets", "film.json", "film.mp4"]))
            try folder.publish(["film.mp4", "facets"])
            #expect(entries(path) == ["facets", "film.json", "film.mp4"])
            #expect(entries("\(path)/facets") == ["\(round)-facet.png"])
        }
    }

    @Test func `a page that the gallery put there stays`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        for file in ["index.html", ".index.html.partial"] {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            try Data("page".utf8).write(to: URL(fileURLWithPath: "\(root)/\(file)"))
        }
        let folder = try ReelFolder(path: root)
        try write("film", "film.mp4", in: folder)
        try write("{}", "film.json", in: folder)
        try folder.publish(["film.mp4"])
        #expect(entries(root) == [".index.html.partial", "film.json", "film.mp4", "index.html"])
    }

    @Test func `an abandoned folder leaves nothing behind`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        do {
            let folder = try ReelFolder(path: root)
            try write("half", "film.mp4", in: folder)
            #expect(entries(root).count == 1)
        }
        #expect(entries(root) == [])
    }

    @Test func `what dead writers left is swept, and what living ones hold is not`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(
            atPath: "\(root)/.partial-dead/facets", withIntermediateDirectories: true)
        let living = try ReelFolder(path: root)
        #expect(entries(root).count == 1, "\(entries(root))")
        let other = try ReelFolder(path: root)
        #expect(entries(root).count == 2, "\(entries(root))")
        withExtendedLifetime((living, other)) {}
    }

    @Test func `a missing file is an error, and the folder does not claim to be whole`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = try ReelFolder(path: root)
        try write("{}", "film.json", in: folder)
        let error = #expect(throws: DiskError.self) { try folder.publish(["film.mp4"]) }
        #expect(error?.description.contains("film.mp4") == true, "\(String(describing: error))")
        #expect(!entries(root).contains("film.json"))
    }

    @Test func `a file in the way is a clear error`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(root)/eyes"))
        let error = #expect(throws: DiskError.self) { try ReelFolder(path: "\(root)/eyes/l/1") }
        #expect(
            error?.description.contains("\(root)/eyes/l/1: Not a directory") == true, "\(String(describing: error))")
    }
}
