import Foundation
import Synchronization
import Testing

@testable import Disk

@Suite struct FileLockTests {
    private let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-locks-\(UInt64.random(in: 0...UInt64.max))").path

    @Test func `a lock is held by one, and its file goes with it`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/locks/a~b~1.lock"
        #expect(FileLock.isFree(path))
        #expect(!FileManager.default.fileExists(atPath: path), "looking makes no file")
        do {
            let lock = try #require(try FileLock.take(path))
            #expect(try FileLock.take(path) == nil)
            #expect(!FileLock.isFree(path))
            withExtendedLifetime(lock) {}
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try FileLock.take(path) != nil)
    }

    @Test func `a file that a dead process left does not lock`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/1.lock"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(FileLock.isFree(path))
        do { #expect(try FileLock.take(path) != nil) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    /// The removal of the file must never let two in: one on the file that had the name, one on the file that has it.
    @Test func `a lock is never held by two, though its file comes and goes`() {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/1.lock"
        let inside = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let taken = Atomic<Int>(0)
        let failures = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<2_000 {
                do {
                    guard let lock = try FileLock.take(path) else { continue }
                    let count = inside.add(1, ordering: .sequentiallyConsistent).newValue
                    most.max(count, ordering: .sequentiallyConsistent)
                    taken.add(1, ordering: .relaxed)
                    inside.subtract(1, ordering: .sequentiallyConsistent)
                    withExtendedLifetime(lock) {}
                } catch {
                    print("\(error)")
                    failures.add(1, ordering: .relaxed)
                }
            }
        }
        print("taken \(taken.load(ordering: .relaxed)) times of 8000")
        #expect(failures.load(ordering: .relaxed) == 0)
        #expect(most.load(ordering: .relaxed) == 1)
        #expect(taken.load(ordering: .relaxed) >= 2_000)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `sweeping removes the locks that nobody holds and nothing else`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for name in ["dead.lock", "other.txt"] { try Data().write(to: URL(fileURLWithPath: "\(root)/\(name)")) }
        let held = try #require(try FileLock.take("\(root)/living.lock"))
        FileLock.sweep(root)
        let left = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
        #expect(left == ["living.lock", "other.txt"])
        withExtendedLifetime(held) {}
        FileLock.sweep("\(root)/nowhere")
    }

    @Test func `a folder that cannot be made is an error with the system's number`() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try Data().write(to: URL(fileURLWithPath: root))
        let error = #expect(throws: DiskError.self) { try FileLock.take("\(root)/locks/1.lock") }
        #expect(error?.errorNumber == ENOTDIR, "\(String(describing: error))")
    }
}
