import Disk
import Foundation
import Testing

@testable import Examples

@Suite struct PictureWalkTests {
    private func paths(_ folder: PictureFolder) throws -> [String] {
        try PictureWalk(folder.pictures).files.map(\.path)
    }

    private func make(_ folder: PictureFolder, _ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.pictures)/\(name)", withIntermediateDirectories: true)
    }

    @Test func `files come in the order of their paths' bytes, without hidden ones`() throws {
        let folder = try PictureFolder()
        try make(folder, "b/c")
        try make(folder, ".hidden")
        for name in ["b/c/x", "b/a", "b.png", "é", "Z", "a", ".b", ".hidden/a"] { try folder.write("x", name) }
        #expect(try paths(folder) == ["Z", "a", "b.png", "b/a", "b/c/x", "é"])
    }

    @Test func `links in circles end, and a folder is seen once, under its own name if it has one`() throws {
        let folder = try PictureFolder()
        try make(folder, "z/deep")
        try folder.write("x", "z/deep/a")
        try folder.link("again", to: "z")
        try folder.link("z/up", to: "..")
        try folder.link("z/deep/self", to: ".")
        try folder.link("file", to: "z/deep/a")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/other", withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(folder.path)/other/o"))
        try folder.link("o1", to: "../other")
        try folder.link("o2", to: "../other")
        #expect(try paths(folder) == ["file", "o1/o", "z/deep/a"])
    }

    @Test func `what cannot be read is named and keeps nothing else from being read`() throws {
        let folder = try PictureFolder()
        try folder.write("x", "a")
        try folder.link("dangling", to: "nowhere")
        try folder.link("itself", to: "itself")
        mkfifo("\(folder.pictures)/pipe", 0o600)
        fclose(fopen("\(folder.pictures)/\u{1}", "w"))
        let name: [CChar] = Array("\(folder.pictures)/".utf8.map { CChar(bitPattern: $0) }) + [-1, 0]
        fclose(fopen(name, "w"))
        let walk = try PictureWalk(folder.pictures)
        #expect(walk.files.map(\.path) == ["\u{1}", "a"])
        #expect(walk.faults.map(\.path) == ["\\xFF", "dangling", "itself", "pipe"])
        #expect(walk.faults[1].reason.contains("No such file"))
        #expect(walk.faults[3].reason == "is no regular file")
    }

    @Test func `a folder that is not there, or is none, is an error`() throws {
        let folder = try PictureFolder()
        try folder.write("x", "a")
        #expect(throws: DiskError.self) { try PictureWalk("\(folder.path)/none") }
        #expect(throws: DiskError.self) { try PictureWalk("\(folder.pictures)/a") }
        #expect(throws: DiskError.self) { try PictureWalk("a\0b") }
    }

    @Test func `names without end are refused`() throws {
        let folder = try PictureFolder()
        for index in 0..<20 { try folder.write("x", "\(index)") }
        #expect(try PictureWalk(folder.pictures, mostNames: 20).files.count == 20)
        let error = try #require(throws: ExampleError.self) { try PictureWalk(folder.pictures, mostNames: 19) }
        #expect("\(error)".contains("more than 19 names"))
    }

    @Test func `a hundred thousand names take seconds`() throws {
        let folder = try PictureFolder()
        try folder.write("x", "0")
        for index in 1..<100_000 { symlink("0", "\(folder.pictures)/\(index)") }
        let start = ContinuousClock.now
        let files = try paths(folder)
        #expect(files.count == 100_000)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
