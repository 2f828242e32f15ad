import Foundation
import Testing

@testable import Disk

struct FolderTests {
    @Test func `folders are made with those above, or not`() throws {
        try TemporaryFolder.with { folder in
            try Folder.make(folder + "/a/b/c")
            try Folder.make(folder + "/a/b/c")
            #expect(Folder.exists(folder + "/a/b/c"))
            let error = #expect(throws: DiskError.self) { try Folder.make(folder + "/x/y", withThoseAbove: false) }
            #expect(error?.kind == .notFound && error?.path == folder + "/x/y", "\(String(describing: error))")
            try WholeFile.write(Data(), to: folder + "/file")
            for (path, reason) in [
                ("file", "\(folder)/file: is a file, and no folder; name a folder, or move the file away"),
                ("file/a", "cannot make the folder \(folder)/file/a: Not a directory; a part of the path is a file"),
            ] {
                let error = #expect(throws: DiskError.self) { try Folder.make("\(folder)/\(path)") }
                #expect(error?.description == reason)
            }
            #expect(symlink("nowhere", folder + "/link") == 0)
            let lost = #expect(throws: DiskError.self) { try Folder.make(folder + "/link") }
            #expect(lost?.fault == "is a link that leads to no folder", "\(String(describing: lost))")
            #expect(throws: DiskError.self) { try Folder.make("") }
        }
    }

    @Test func `entries are all names but the folder's own and the one above`() throws {
        try TemporaryFolder.with { folder in
            #expect(try Folder.entries(of: folder) == [])
            let names = [".hidden", "..a", "ü", "a b", String(repeating: "n", count: 255)]
            for name in names { try WholeFile.overwrite("\(folder)/\(name)", with: Data()) }
            #expect(try Folder.entries(of: folder).sorted() == names.sorted())
        }
    }

    @Test func `what is not there is told from what may not be read`() throws {
        try TemporaryFolder.with { folder in
            try WholeFile.write(Data(), to: folder + "/file")
            for path in [folder + "/missing", folder + "/file", ""] {
                let error = #expect(throws: DiskError.self) { try Folder.entries(of: path) }
                #expect(error?.kind == .notFound, "\(String(describing: error))")
            }
            // Root reads everything.
            guard getuid() != 0 else { return }
            try Folder.make(folder + "/secret")
            #expect(chmod(folder + "/secret", 0) == 0)
            let error = #expect(throws: DiskError.self) { try Folder.entries(of: folder + "/secret") }
            #expect(error?.kind == .notPermitted, "\(String(describing: error))")
        }
    }

    @Test func `a locked folder is another's until it is given back`() throws {
        try TemporaryFolder.with { folder in
            let held = try FolderLock(folder, waits: true)
            let descriptor = openDescriptor(folder, O_RDONLY)
            defer { close(descriptor) }
            #expect(SystemLock.isHeld(descriptor))
            withExtendedLifetime(held) {}
        }
        #expect(throws: DiskError.self) { try FolderLock("/nowhere", waits: true) }
    }
}
