import Foundation
import Testing

@testable import Disk

/// SHA-256 against the standard's own numbers.
struct SHA256Tests {
    /// FIPS 180-4 examples and NIST's one-million-letter message.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `digests are the standard's, of bytes and of files`(text: String, count: Int, digest: String) throws {
        let bytes = [UInt8](String(repeating: text, count: count).utf8)
        #expect(SHA256.hexDigest(of: bytes) == digest)
        try TemporaryFolder.with { folder in
            try Data(bytes).write(to: URL(filePath: folder + "/a"))
            #expect(try SHA256.hexDigest(ofFile: folder + "/a") == digest)
        }
    }

    @Test func `a file larger than a piece has the digest of its bytes`() throws {
        let bytes = (0..<(1 << 21) + 3).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 9) }
        try TemporaryFolder.with { folder in
            try Data(bytes).write(to: URL(filePath: folder + "/a"))
            #expect(try SHA256.hexDigest(ofFile: folder + "/a") == SHA256.hexDigest(of: bytes))
        }
    }

    @Test func `what is no file is refused by name`() throws {
        try TemporaryFolder.with { folder in
            for path in [folder, folder + "/missing"] {
                let error = #expect(throws: DiskError.self) { try SHA256.hexDigest(ofFile: path) }
                #expect(error?.path == path)
            }
        }
    }
}
