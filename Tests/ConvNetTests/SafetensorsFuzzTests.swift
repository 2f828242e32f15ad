import Foundation
import Testing

@testable import ConvNet

/// Damaged files by the thousand: each is refused or can be read to the end, none traps.
@Suite("Damaged safetensors files")
struct SafetensorsFuzzTests {
    @Test
    func `a file cut at any byte is refused`() throws {
        let folder = try TemporaryFolder()
        for length in SafetensorsBytes.whole.indices {
            let path = try folder.file(Array(SafetensorsBytes.whole[..<length]))
            #expect(throws: SafetensorsError.self, "cut to \(length) bytes") { try SafetensorsFile(path: path) }
        }
    }

    @Test
    func `a file with any one bit flipped is refused or read whole`() throws {
        let folder = try TemporaryFolder()
        var outcomes = Outcomes()
        for index in SafetensorsBytes.whole.indices {
            for bit in 0..<8 {
                var bytes = SafetensorsBytes.whole
                bytes[index] ^= 1 << bit
                outcomes.count(try readAll(bytes, in: folder))
            }
        }
        // Data bits, name letters and the metadata's text make other whole files; everything else must be noticed.
        #expect(outcomes.refused > outcomes.read && outcomes.read >= 160, "\(outcomes)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a file with several bytes changed is refused or read whole`(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SplitMix(state: seed)
        let likely = Array("{}[]\",:\\u019eE.- ".utf8)
        var outcomes = Outcomes()
        for _ in 0..<600 {
            var bytes = SafetensorsBytes.whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[index] = likely.randomElement(using: &random) ?? 0
                case 2: bytes.remove(at: index)
                default: bytes.insert(likely.randomElement(using: &random) ?? 0, at: index)
                }
            }
            outcomes.count(try readAll(bytes, in: folder))
        }
        #expect(outcomes.refused > 0 && outcomes.refused + outcomes.read == 600, "\(outcomes)")
    }

    private struct Outcomes {
        var read = 0
        var refused = 0

        mutating func count(_ isRead: Bool) {
            if isRead { read += 1 } else { refused += 1 }
        }
    }

    /// Whether the file opens; if so, every tensor of it must be readable, unless its type has become another.
    private func readAll(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> Bool {
        let path = try folder.file(bytes)
        let file: SafetensorsFile
        do throws(SafetensorsError) {
            file = try SafetensorsFile(path: path)
        } catch {
            return false
        }
        var valueCount = 0
        for name in file.names {
            let tensor: Tensor
            do throws(SafetensorsError) {
                tensor = try file.tensor(named: name)
            } catch {
                #expect(error.reason.hasPrefix("is ") && error.reason.hasSuffix("; expected F32"), "\(error)")
                return false
            }
            #expect(tensor.shape == file.shape(of: name))
            valueCount += tensor.values.count
        }
        #expect(valueCount * 4 <= bytes.count, "more values than bytes")
        return true
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): the same damage in every run.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
