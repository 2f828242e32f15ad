import Foundation
import Synchronization
import Testing

/// How the fuzz tests are run: what follows from a seed is the same in every run and on every machine.
///
/// - FACETREEL_FUZZ_SEED: 1 unless it is set.
/// - FACETREEL_FUZZ_COUNT: how many cases every test takes; otherwise some hundreds, with FACETREEL_LONG_TESTS many more.
/// - FACETREEL_FUZZ_KIND: of an output folder's files only those of this kind, `film`, `claim` and so on.
/// - FACETREEL_FUZZ_CASE: this case alone, as a failure names it.
///
/// A trap ends the whole process. So before each case its number is written to a file, whose path is told at the start.
enum Fuzz {
    private static let environment = ProcessInfo.processInfo.environment
    static let seed = environment["FACETREEL_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    private static let onlyCase = environment["FACETREEL_FUZZ_CASE"].flatMap(Int.init)
    static let kind = environment["FACETREEL_FUZZ_KIND"]
    private static let count = environment["FACETREEL_FUZZ_COUNT"].flatMap(Int.init)
    static let isLong = environment["FACETREEL_LONG_TESTS"] != nil

    /// Seconds: a case that takes longer has failed, and after the second time the process is ended, since nothing else
    /// can end a loop.
    private static let (patience, lastPatience) = (10.0, 60.0)

    /// Runs the cases of a test, and fails for those that throw or take too long.
    /// - Parameter body: told the number of the case, and the random numbers that belong to it.
    static func run(
        _ name: String, short: Int, long: Int, _ body: (Int, inout FuzzRandom) throws -> Void
    ) {
        let count = Self.count ?? (isLong ? long : short)
        let cases = onlyCase.map { $0..<$0 + 1 } ?? 0..<count
        let watch = Watch(name)
        let start = ContinuousClock.now
        for number in cases {
            watch.begin(number)
            var random = FuzzRandom(seed: seed, number: number)
            do { try body(number, &random) } catch {
                Issue.record("\(name), seed \(seed), case \(number): \(error)")
            }
            let seconds = watch.end()
            if seconds > patience { Issue.record("\(name), seed \(seed), case \(number): took \(seconds) s") }
        }
        watch.over()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("fuzz \(name): seed \(seed), \(cases.count) cases in \(String(format: "%.1f", seconds)) s")
    }

    /// What is wrong after a case.
    struct Finding: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// Keeps the number of the case at work in a file, and ends the process if one never ends.
    private final class Watch: Sendable {
        private let name: String
        private let path: String
        private let descriptor: Int32
        private let present = Mutex<(number: Int, start: ContinuousClock.Instant)?>(nil)
        private let isOver = Atomic(false)

        init(_ name: String) {
            self.name = name
            path =
                FileManager.default.temporaryDirectory
                .appendingPathComponent("facetreel-fuzz-\(getpid())-\(name.replacing(" ", with: "-"))").path
            descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            if Fuzz.isLong { print("fuzz \(name): seed \(Fuzz.seed); the case at work is in \(path)") }
            Thread.detachNewThread { [self] in watch() }
        }

        deinit { close(descriptor) }

        func begin(_ number: Int) {
            present.withLock { $0 = (number, .now) }
            let line = "\(name), seed \(Fuzz.seed), case \(number)".padding(toLength: 100, withPad: " ", startingAt: 0)
            _ = (line + "\n").withCString { pwrite(descriptor, $0, strlen($0), 0) }
        }

        /// The seconds that the case took.
        func end() -> Double {
            present.withLock { present in
                defer { present = nil }
                return present.map { (ContinuousClock.now - $0.start) / .seconds(1) } ?? 0
            }
        }

        func over() {
            isOver.store(true, ordering: .relaxed)
            unlink(path)
        }

        private func watch() {
            while !isOver.load(ordering: .relaxed) {
                sleep(1)
                guard let (number, start) = present.withLock({ $0 }) else { continue }
                guard (ContinuousClock.now - start) / .seconds(1) > lastPatience else { continue }
                let message = "fuzz \(name), seed \(Fuzz.seed), case \(number): hangs\n"
                _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
                abort()
            }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), begun anew for every case.
struct FuzzRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, number: Int) {
        state = seed &* 0xD134_2543_DE82_EF95 &+ UInt64(number) &* 0x2545_F491_4F6C_DD1D
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() >> 1) % bound : 0 }

    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
