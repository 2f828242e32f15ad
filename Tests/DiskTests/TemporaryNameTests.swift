import Foundation
import Testing

@testable import Disk

struct TemporaryNameTests {
    @Test func `temporary names say whose they are`() {
        let one = ProcessIdentity(host: "node7", process: 7, space: "another boot", startTicks: 7)
        #expect(TemporaryName.writer(of: TemporaryName.make(one)) == one.name)
        #expect(TemporaryName.make(one) != TemporaryName.make(one))
        for name in [".partial-dead", "film.mp4", ".partial-", ".partial-~5", "a~b"] {
            #expect(TemporaryName.writer(of: name) == nil, "\(name)")
        }
    }

    @Test func `what is locked or not abandoned is not swept, the rest is, files and folders`() throws {
        try TemporaryFolder.with { folder in
            let held = try UnfinishedFile(for: folder + "/a")
            let heldPath = try #require(held.temporaryPath)
            let paths = [folder + "/file", folder + "/folder"]
            try WholeFile.overwrite(paths[0], with: Data("half".utf8))
            try Folder.make(paths[1] + "/inner")
            for path in paths + [heldPath] { TemporaryName.sweep(path) { false } }
            #expect(try Folder.entries(of: folder).count == 3)
            for path in paths + [heldPath, folder + "/nothing"] { TemporaryName.sweep(path) { true } }
            #expect(try Folder.entries(of: folder) == [(heldPath as NSString).lastPathComponent])
        }
    }

    /// A link under a temporary name is nobody's of ours, and what it leads to may be anything.
    @Test func `a link is not swept, nor what it leads to`() throws {
        try TemporaryFolder.with { folder in
            try WholeFile.write(Data("kept".utf8), to: folder + "/a")
            #expect(symlink(folder + "/a", folder + "/link") == 0)
            TemporaryName.sweep(folder + "/link") { true }
            #expect(try Folder.entries(of: folder).sorted() == ["a", "link"])
        }
    }
}
