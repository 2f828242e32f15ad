import Foundation
import Testing

@testable import Disk

struct PipeTests {
    @Test func `a pipe to which nobody writes is an error after a while, not a wait for ever`() throws {
        try TemporaryFolder.with { folder in
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            let start = ContinuousClock.now
            let error = #expect(throws: DiskError.self) {
                try WholeFile.bytes(ofFileOrPipe: folder + "/pipe", limit: 100, patience: 0.1)
            }
            #expect(error?.fault == "is a pipe to which nobody writes", "\(String(describing: error))")
            #expect((.seconds(0.09) ... .seconds(8)).contains(ContinuousClock.now - start))
        }
    }

    @Test func `once somebody writes the end is waited for, however long that takes`() throws {
        try TemporaryFolder.with { folder in
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            let writer = Thread {
                let descriptor = open(folder + "/pipe", O_WRONLY)
                for _ in 0..<3 {
                    write(descriptor, "text", 4)
                    // Longer than the patience.
                    usleep(150_000)
                }
                close(descriptor)
            }
            writer.start()
            let bytes = try WholeFile.bytes(ofFileOrPipe: folder + "/pipe", limit: 100, patience: 0.1)
            #expect(String(decoding: bytes, as: UTF8.self) == "texttexttext")
        }
    }

    @Test func `one byte more than the limit is read, so that the caller sees it`() throws {
        try TemporaryFolder.with { folder in
            try WholeFile.write(Data("0123456789".utf8), to: folder + "/file")
            #expect(try WholeFile.bytes(ofFileOrPipe: folder + "/file", limit: 4) == Array("01234".utf8))
            #expect(try WholeFile.bytes(ofFileOrPipe: folder + "/file", limit: 10).count == 10)
            let endless = try WholeFile.bytes(ofFileOrPipe: "/dev/zero", limit: 1 << 20)
            #expect(endless.count == (1 << 20) + 1)
        }
    }
}
