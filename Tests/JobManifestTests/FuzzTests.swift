import Testing

@testable import JobManifest

/// Whatever the bytes are, the reader answers with a manifest or with errors whose places lie in the text.
@Suite struct FuzzTests {
    private let seeds = [designExample, CanonicalJSONTests.complete]

    private func check(_ bytes: [UInt8]) {
        let lineCount = 1 + bytes.count { $0 == UInt8(ascii: "\n") }
        for diagnostic in diagnostics(bytes) {
            let isInside =
                (1...lineCount).contains(diagnostic.line) && (1...bytes.count + 1).contains(diagnostic.column)
            if !isInside || diagnostic.message.isEmpty {
                Issue.record("\(diagnostic) for \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test func `a manifest cut at any byte is an error, but for its last white space`() {
        for seed in seeds {
            let bytes = Array(seed.utf8)
            let end = seed.utf8.lastIndex(of: UInt8(ascii: "}")).map {
                seed.utf8.distance(from: seed.utf8.startIndex, to: $0)
            }
            for length in 0...bytes.count {
                let cut = Array(bytes[..<length])
                let isWhole = length > end ?? 0
                if diagnostics(cut).isEmpty != isWhole { Issue.record("cut at \(length)") }
                check(cut)
            }
        }
    }

    @Test func `a manifest with any one bit flipped never traps`() {
        for seed in seeds {
            let bytes = Array(seed.utf8)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var flipped = bytes
                    flipped[index] ^= 1 << bit
                    check(flipped)
                }
            }
        }
    }

    @Test func `manifests with pieces moved, doubled and replaced never trap`() {
        // Numbers of a fixed sequence (Steele, Lea and Flood's SplitMix64), so that a failure comes again.
        var state: UInt64 = 1
        func random(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) >> 1) % bound
        }
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "-", ".", "e9", "1e999", "null", "true",
            "{}", "[]",
            "\u{0}", "é", "\"layer\":", "\"layers\":[\"block_12_add\"],", "\"units\":[1,1,2],", "\"facets\":[{},{}],",
            "\"image\":{\"size\":32},", "\"preset\":1,", "\"jobs\":[{}],", "\"name\":\"a\",", "-0",
            "99999999999999999999",
        ].map { Array($0.utf8) }
        for round in 0..<20_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0...random(below: 4) {
                let start = random(below: bytes.count)
                let end = min(bytes.count, start + random(below: 40))
                switch random(below: 4) {
                case 0: bytes.removeSubrange(start..<end)
                case 1: bytes.insert(contentsOf: bytes[start..<end], at: random(below: bytes.count))
                case 2: bytes.replaceSubrange(start..<end, with: pieces[random(below: pieces.count)])
                default: bytes.insert(contentsOf: pieces[random(below: pieces.count)], at: start)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            check(bytes)
        }
    }
}
