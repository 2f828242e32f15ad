import Foundation
import Testing

@testable import Disk

struct DestinationTests {
    @Test func `a file's place is its path, a link's that of its target, whether it exists or not`() throws {
        try TemporaryFolder.with { folder in
            try Folder.make(folder + "/a")
            for (target, link) in [("b", "/a/link"), ("a/link", "/chain"), (folder + "/a", "/toFolder")] {
                #expect(symlink(target, folder + link) == 0)
            }
            for (path, place) in [
                ("/none", "/none"), ("/a/link", "/a/b"), ("/chain", "/a/b"), ("/toFolder/link", "/toFolder/b"),
                ("/toFolder", "/a"),
            ] {
                #expect(try Destination(folder + path) == .file(folder + place), "\(path)")
            }
            #expect(try Destination("plain") == .file("plain"))
        }
    }

    @Test func `devices, pipes and sockets are written to as they are, descriptors by their number`() throws {
        try TemporaryFolder.with { folder throws in
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            #expect(symlink("pipe", folder + "/link") == 0)
            for path in [folder + "/pipe", folder + "/link", "/dev/null"] {
                #expect(try Destination(path) == .stream, "\(path)")
                // Nobody reads the pipe, and it is not waited for.
                if path != "/dev/null" { #expect(throws: DiskError.self, "\(path)") { try UnfinishedFile(for: path) } }
                // What is the program's own takes the place of whatever is there.
                #expect(try path == "/dev/null" || UnfinishedFile(for: path, isOwn: true).path == path)
            }
        }
        for (path, number) in [
            ("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/fd/7", 7), ("/proc/self/fd/12", 12),
            ("//dev/./stdout", 1), ("/proc/thread-self/fd/2", 2), ("/proc/\(getpid())/fd/1", 1),
        ] {
            #expect(try Destination(path) == .descriptor(Int32(number)))
        }
    }

    @Test func `links that lead to nowhere that can be named are errors`() throws {
        try TemporaryFolder.with { folder throws in
            #expect(symlink("loop", folder + "/loop") == 0)
            let loop = #expect(throws: DiskError.self) { try Destination(folder + "/loop") }
            #expect(loop?.errorNumber == ELOOP)
            #expect(symlink("M\u{FC}ller", folder + "/fine") == 0)
            #expect(try Destination(folder + "/fine") == .file(folder + "/M\u{FC}ller"))
            let bytes: [CChar] = [0x4D, -4, 0]
            #expect(symlink(bytes, folder + "/bytes") == 0)
            let error = #expect(throws: DiskError.self) { try Destination(folder + "/bytes") }
            #expect(error?.fault == #"is a link to M\xFC, which is no UTF-8"#, "\(String(describing: error))")
        }
        #expect(throws: DiskError.self) { try Destination("") }
        #expect(throws: DiskError.self) { try Destination("a\0b") }
    }

    @Test func `a pipe that nobody reads is an error, not a wait; one with a reader gets all`() throws {
        try TemporaryFolder.with { folder throws in
            let pipe = folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            let error = #expect(throws: DiskError.self) { try WholeFile.write(Data("text".utf8), to: pipe) }
            #expect(error?.errorNumber == ENXIO, "\(String(describing: error))")
            let reader = open(pipe, O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            try WholeFile.write(Data("text".utf8), to: pipe)
            var got = [UInt8](repeating: 0, count: 9)
            #expect(read(reader, &got, 9) == 4 && Array(got[..<4]) == Array("text".utf8))
            #expect(try Folder.entries(of: folder) == ["pipe"])
        }
    }

    @Test func `to publish over a link writes its target, on another disk as well`() throws {
        // /dev/shm is in memory nearly everywhere; where it is not, this is the same as within one disk.
        let other = "/dev/shm/facetreel-\(UUID().uuidString)"
        guard (try? Folder.make(other)) != nil else { return print("skipped: no /dev/shm") }
        defer { try? FileManager.default.removeItem(atPath: other) }
        try TemporaryFolder.with { folder throws in
            #expect(symlink(other + "/target", folder + "/link") == 0)
            try WholeFile.write(Data("new".utf8), to: folder + "/unfinished")
            try WholeFile.publish(folder + "/unfinished", as: folder + "/link")
            #expect(try WholeFile.bytes(of: other + "/target") == Array("new".utf8))
            #expect(try Link.target(of: folder + "/link") == other + "/target")
            #expect(try Folder.entries(of: folder) == ["link"] && Folder.entries(of: other) == ["target"])
        }
    }
}
