import Disk
import Foundation
import JobManifest
import Networks
import Records
import Testing

@testable import Pipeline
@testable import PipelineSupport

/// Where networks are looked up, how long they are kept, and whose films a folder may hold.
@Suite struct NetworkLibraryTests {
    @Test func `a name is looked up in the folders in order, and a path is taken as it is`() throws {
        let folder = Rendering().output
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["a", "b"] { try Folder.make("\(folder)/\(name)") }
        let library = NetworkLibrary(folders: ["\(folder)/a", "\(folder)/b"])
        let file = "net\(NetworkFile.ending)"
        for name in ["b", "a"] {
            try Data().write(to: URL(filePath: "\(folder)/\(name)/\(file)"))
            #expect(try library.path(of: NetworkReference("net")) == "\(folder)/\(name)/\(file)")
        }
        #expect(try library.path(of: NetworkReference("x/y.onnx")) == "x/y.onnx")
        let missing = try #require(throws: NetworkError.self) { try library.path(of: NetworkReference("other")) }
        #expect(
            "\(missing)".contains("--networks") && missing.file == "Weights/other\(NetworkFile.ending)", "\(missing)")
    }

    @Test(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
    func `a network is shared until it is released`() throws {
        let library = NetworkLibrary(folders: Rendering.networks.folders)
        weak let first = try library.network(.standard)
        #expect(try first != nil && library.network(.standard) === first)
        library.release(.standard)
        #expect(first == nil, "nobody holds it any more")
        let second = try library.network(.standard)
        #expect(try library.network(.standard) === second)
    }

    @Test func `a run gives up each network after its last reel, one network after the other`() throws {
        let fixture = try RunFixture(count: 6)
        var reels = fixture.reels
        for index in [1, 3, 4] { reels[index].network = NetworkReference("other") }
        let begun = Guarded<[String]>([])
        let logs = RunLogs(reels: reels, output: fixture.output, next: SilentProgress())
        let run = RenderRun(
            reels: reels, output: fixture.output, pool: WorkerPool(workerCount: 1), logs: logs, policy: RunPolicy(),
            work: RenderRun.Work(
                render: { index, _ in
                    begun.update { $0.append("\(index)") }
                    if index == 3 { throw FakeFault() }
                    try fixture.makeFilm(index)
                    return "film.mp4"
                },
                isUpToDate: { _ in false }, release: { network in begun.update { $0.append(network.file) } }))
        let result = run.render()
        #expect(result.counts.failed == 1)
        // The default network needs no name.
        #expect(result.reels.map(\.network) == [nil, "other", nil, "other", "other", nil])
        #expect(begun.value == ["0", "2", "5", "mobilenet_v2", "1", "3", "4", "other"])
    }

    private struct FakeFault: Error {}

    @Test func `a folder with films of another network is not rendered into`() throws {
        let fixture = try RunFixture(count: 2)
        var reels = fixture.reels
        let library = NetworkLibrary(folders: ["/nowhere"])
        func conflicts() -> [String] { NetworkConflict.all(reels, in: fixture.output, library).map(\.description) }
        func film(_ folder: String, _ file: String) throws {
            try Folder.make("\(fixture.output)/\(folder)")
            try Data(#"{"network": {"name": "N", "file": "\#(file)", "digest": "d"}}"#.utf8).write(
                to: URL(filePath: "\(fixture.output)/\(folder)/film.json"))
        }
        #expect(conflicts().isEmpty)
        // This one the run replaces.
        try film(reels[0].folder, "other.onnx")
        #expect(conflicts().isEmpty)
        try film("run/x/7", "mobilenet_v2.onnx")
        #expect(conflicts().isEmpty)
        try film("run/x/7", "other.onnx")
        #expect(conflicts().count == 1 && conflicts()[0].contains("films of the network other.onnx (run/x/7)"))
        for index in reels.indices { reels[index].network = NetworkReference("/elsewhere/other.onnx") }
        #expect(conflicts().isEmpty)
    }
}
