import Foundation
import Testing

@testable import Disk

struct StandardStreamTests {
    /// The two ends of a pipe that takes one page; Linux' F_SETPIPE_SZ.
    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&ends) == 0)
        #expect(fcntl(ends[1], 1031, 4096) == 4096)
        return (ends[0], ends[1])
    }

    private func taken(_ descriptor: Int32) -> Int {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        return read(descriptor, &bytes, bytes.count)
    }

    private func seconds(_ body: () -> Void) -> Double { ContinuousClock().measure(body) / .seconds(1) }

    @Test func `a reader that has stopped reading is waited for once, until it reads again`() throws {
        let (reading, writing) = try pipe()
        defer {
            close(reading)
            close(writing)
        }
        let stream = StandardStream(descriptor: writing)
        let text = String(repeating: "x", count: 4096)
        #expect(seconds { stream.say(text, patience: 10) } < 8, "there is room")
        #expect(seconds { stream.say(text, patience: 0.2) } > 0.15, "the reader gets its time")
        #expect(seconds { stream.say(text, patience: 10) } < 8, "it has had its time")
        #expect(taken(reading) == 4096, "what was dropped is not there")
        stream.say("again", patience: 60)
        #expect(taken(reading) == 5)
        #expect(stream.failure == nil)
    }

    @Test func `a text longer than a pipe is cut where the reader stops`() throws {
        let (reading, writing) = try pipe()
        defer {
            close(reading)
            close(writing)
        }
        StandardStream(descriptor: writing).say(String(repeating: "x", count: 10_000), patience: 0.05)
        #expect(taken(reading) == 4096)
    }

    /// The tests' own process ignores SIGPIPE only while this test needs it.
    @Test func `what is said to nobody is dropped, what is printed to nobody is a failure`() throws {
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        let (reading, writing) = try pipe()
        close(reading)
        defer { close(writing) }
        let stream = StandardStream(descriptor: writing)
        stream.say("text")
        stream.say("text", patience: 1)
        stream.print("a film's path", isNews: true)
        #expect(stream.failure == nil)
        stream.print("a result")
        #expect(stream.failure == EPIPE)
        let closed = StandardStream(descriptor: 987_654)
        closed.say("text", patience: 1)
        closed.print("a film's path", isNews: true)
        #expect(closed.failure == nil)
        closed.print("a result")
        #expect(closed.failure == EBADF)
    }

    @Test func `a full disk is a failure also of news, and the first reason stays`() throws {
        let full = open("/dev/full", O_WRONLY)
        guard full >= 0 else { return print("skipped: no /dev/full") }
        defer { close(full) }
        let stream = StandardStream(descriptor: full)
        stream.say("text", patience: 1)
        #expect(stream.failure == nil)
        stream.print("a film's path", isNews: true)
        #expect(stream.failure == ENOSPC)
    }
}
