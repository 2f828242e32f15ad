import Foundation
import Testing

/// A process that is killed (SIGKILL: no clean-up whatever) at any moment costs time and nothing else.
@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct KillTests {
    /// Seeded moments, so that a failure can be had again (as far as a machine's clock allows).
    private static let moments: Int = {
        let environment = ProcessInfo.processInfo.environment
        if let asked = environment["FACETREEL_KILLS"].flatMap(Int.init) { return asked }
        return environment["FACETREEL_LONG_TESTS"] == nil ? 5 : 50
    }()

    private static let arguments = [
        "render", "tiny.json", "--weights", Command.weights, "--jobs", "2", "--progress", "off",
        // A checkpoint of every step, so that every kill meets one.
        "--checkpoint-interval", "0",
    ]

    private static let manifest = """
        { "jobs": [\(Manifests.tiny()), \(Manifests.tiny(name: "set").replacingOccurrences(
            of: #"{ "name": "naive", "steps": 6 }"#,
            with: #"{ "name": "f", "count": 2, "steps": 6, "parameterization": "fourier" }"#))] }
        """

    /// Every file of the films, film.json without its timing. The reports of a run are its own, and so are the pages, which
    /// tell how long a film took.
    private func films(_ scratch: Scratch) throws -> [String: NSObject] {
        var films: [String: NSObject] = [:]
        for entry in scratch.entries()
        where (entry.hasPrefix("Output/tiny/") || entry.hasPrefix("Output/set/")) && !entry.hasSuffix("/index.html") {
            if entry.hasSuffix("film.json") {
                var record = try #require(
                    try JSONSerialization.jsonObject(with: scratch.read(entry)) as? [String: Any])
                #expect(record.removeValue(forKey: "timing") != nil)
                films[entry] = record as NSDictionary
            } else {
                films[entry] = (try? scratch.read(entry)).map { $0 as NSData } ?? NSNull()
            }
        }
        return films
    }

    @Test func `a run that is killed at any moment is finished by the next`() throws {
        let whole = try Scratch()
        try whole.write(Self.manifest, "tiny.json")
        let start = ContinuousClock.now
        #expect(try Command.start(Self.arguments, in: whole).wait().status == 0)
        let duration = (ContinuousClock.now - start) / .milliseconds(1)
        let expected = try films(whole)
        #expect(expected.keys.count { $0.hasSuffix("film.json") } == 2, "\(expected.keys.sorted())")

        let scratch = try Scratch()
        try scratch.write(Self.manifest, "tiny.json")
        var random: UInt64 = 11
        var (kills, ends) = (0, 0)
        for _ in 0..<Self.moments {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let running = try Command.start(Self.arguments, in: scratch)
            // A run that finds a cache takes less than the first one did.
            usleep(UInt32(Double(random >> 40) / Double(1 << 24) * duration * 600))
            kill(running.process.processIdentifier, SIGKILL)
            let outcome = running.wait()
            if outcome.status == 0 { ends += 1 } else { kills += 1 }
            // Where a film says that it is whole, it is.
            let found = try films(scratch)
            for name in found.keys where name.hasSuffix("film.json") {
                let folder = (name as NSString).deletingLastPathComponent
                for (file, content) in expected where file.hasPrefix(folder + "/") {
                    #expect(found[file] == content, "\(file)")
                }
            }
            if outcome.status == 0 || found.keys.count(where: { $0.hasSuffix("film.json") }) == 2 {
                // All is done: from the beginning, with the cache of every other time.
                try FileManager.default.removeItem(atPath: "\(scratch.path)/Output/\(ends % 2 == 0 ? "" : "tiny")")
            }
        }
        let last = try Command.start(Self.arguments, in: scratch).wait()
        #expect(last.status == 0 && last.messages.isEmpty, "\(last)")
        #expect(try films(scratch) == expected)
        let stale = scratch.entries().filter {
            $0.contains(".partial") || $0.hasSuffix(".checkpoint") || $0.hasSuffix(".lock")
        }
        #expect(stale.isEmpty, "\(stale)")
        print("\(kills) kills within \(duration) ms, \(ends) runs that ended before")
        #expect(kills > 0)
    }
}
