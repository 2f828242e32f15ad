import Foundation
import Testing

@testable import Disk

@Suite struct GrowingFileTests {
    @Test func `a file grows, is gone on with, and gets its name when it is whole`() throws {
        try TemporaryFolder.with { folder in
            let (path, final) = ("\(folder)/a.unfinished", "\(folder)/a")
            let first = try GrowingFile(path)
            try first.append([1, 2, 3, 4, 5] as [UInt8])
            try first.synchronize()
            let second = try GrowingFile(path)
            #expect(try second.size() == 5)
            try second.truncate(to: 3)
            try second.append([9] as [UInt8])
            try second.overwriteStart(with: [7] as [UInt8])
            try second.publish(as: final)
            let bytes = try WholeFile.bytes(of: final)
            #expect(bytes == [7, 2, 3, 9])
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a link is not followed, and what cannot be made is an error`() throws {
        try TemporaryFolder.with { folder in
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link", withDestinationPath: "\(folder)/target")
            #expect(throws: DiskError.self) { try GrowingFile("\(folder)/link") }
            #expect(throws: DiskError.self) { try GrowingFile("\(folder)/none/a") }
        }
    }
}
