import Foundation
import Testing

@testable import Disk

struct WholeFileTests {
    private func text(_ path: String) throws -> String {
        String(decoding: try WholeFile.bytes(of: path), as: UTF8.self)
    }

    @Test func `a file is what it was until the new one is whole, and nothing else is left`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a"
            try WholeFile.write(Data("old".utf8), to: path)
            do {
                let file = try UnfinishedFile(for: path)
                try file.append(Data("half".utf8))
                #expect(try text(path) == "old")
                #expect(try Folder.entries(of: folder).count == 2)
            }
            #expect(try text(path) == "old")
            let file = try UnfinishedFile(for: path)
            try file.append(values: [UInt16(0x6e61).littleEndian])
            try file.append(Data("d".utf8))
            try file.publish(isSynchronized: false)
            #expect(try text(path) == "and")
            #expect(try Folder.entries(of: folder) == ["a"])
        }
    }

    @Test func `until it is whole it lies in the folder that is named`() throws {
        try TemporaryFolder.with { folder in
            try Folder.make(folder + "/cache")
            do {
                let file = try UnfinishedFile(for: folder + "/a", in: folder + "/cache")
                #expect(
                    TemporaryName.writer(of: try Folder.entries(of: folder + "/cache")[0])
                        == ProcessIdentity.current.name)
                try file.publish()
            }
            #expect(try Folder.entries(of: folder).sorted() == ["a", "cache"])
            #expect(try Folder.entries(of: folder + "/cache") == [])
        }
    }

    @Test func `a path without a folder is a file of the working directory`() throws {
        let path = "facetreel:\(UUID().uuidString)"
        try WholeFile.write(Data(), to: path)
        #expect(try WholeFile.remove(path))
    }

    @Test func `what cannot be written is refused by name and leaves nothing`() throws {
        try TemporaryFolder.with { folder in
            try Folder.make(folder + "/taken")
            for (path, kind) in [
                (folder + "/missing/a", DiskError.Kind.notFound), (folder + "/taken", .other), ("", .other),
                (folder + "/a\0b", .other), (folder + "/" + String(repeating: "x", count: 300), .other),
            ] {
                let error = #expect(throws: DiskError.self, "'\(path)'") { try WholeFile.write(Data(), to: path) }
                #expect(error?.path == path && error?.kind == kind, "\(String(describing: error))")
            }
            #expect(try Folder.entries(of: folder) == ["taken"])
        }
    }

    @Test func `a full disk is an error that says so, and the old file stays`() throws {
        let error = #expect(throws: DiskError.self) { try WholeFile.overwrite("/dev/full", with: Data("a".utf8)) }
        #expect(error?.kind == .noSpace && error?.description.hasPrefix("cannot write /dev/full: No space") == true)
    }

    @Test func `what is no readable file of its size is refused by name, a pipe without waiting`() throws {
        try TemporaryFolder.with { folder in
            try WholeFile.write(Data(repeating: 7, count: 3 << 20), to: folder + "/a")
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            #expect(try WholeFile.contents(of: folder + "/a", limit: 3 << 20).count == 3 << 20)
            for (path, reason) in [
                (folder + "/missing", "cannot be opened: No such file"), (folder + "/a/b", "Not a directory"),
                ("", "No such file"), (folder, "is a directory"), (folder + "/pipe", "is no regular file"),
                ("/dev/zero", "is no regular file"), (folder + "/a\0", "zero in its name"),
                (folder + "/a", "has more than the 2 MiB that are read"),
            ] {
                let error = #expect(throws: DiskError.self) { try WholeFile.bytes(of: path, limit: 3 << 20 - 1) }
                #expect(error?.path == path && error?.reason.contains(reason) == true, "\(String(describing: error))")
            }
        }
    }

    @Test func `a file that is cut short while it is open is an error`() throws {
        try TemporaryFolder.with { folder in
            try WholeFile.write(Data(repeating: 7, count: 100), to: folder + "/a")
            let file = try OpenFile(path: folder + "/a")
            #expect(try file.values(25, at: 0) == [UInt32](repeating: 0x0707_0707, count: 25))
            #expect(truncate(folder + "/a", 50) == 0)
            let error = #expect(throws: DiskError.self) { try file.values(100, at: 0) as [UInt8] }
            #expect(error?.reason == "has become shorter while it was read")
        }
    }

    @Test func `removing says whether there was a file, and what is no file stays`() throws {
        try TemporaryFolder.with { folder in
            try WholeFile.write(Data(), to: folder + "/a")
            #expect(try WholeFile.remove(folder + "/a"))
            #expect(try !WholeFile.remove(folder + "/a"))
            try Folder.make(folder + "/b")
            #expect(throws: DiskError.self) { try WholeFile.remove(folder + "/b") }
        }
    }

    @Test func `a signature tells a file from one of the same bytes that took its name`() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a"
            #expect(FileSignature(path) == nil && FileSignature(folder) == nil)
            try WholeFile.write(Data("abc".utf8), to: path)
            let first = try #require(FileSignature(path))
            #expect(first.size == 3 && first == FileSignature(path))
            #expect(try JSONDecoder().decode(FileSignature.self, from: JSONEncoder().encode(first)) == first)
            try WholeFile.write(Data("abc".utf8), to: path)
            #expect(FileSignature(path) != first)
        }
    }
}
