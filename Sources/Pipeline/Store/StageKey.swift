import Disk
import Foundation
import JobManifest

/// The key of a stage's result: the SHA-256 of everything that it is made from, in canonical form, and of nothing else.
/// Names that are only labels are left out, and pictures count by their contents, not by their paths.
struct StageKey: Sendable, Hashable, CustomStringConvertible {
    /// 64 lowercase hexadecimal digits.
    let description: String

    init(of ingredients: some Encodable) throws {
        description = SHA256.hexDigest(of: Data(try canonicalJSON(ingredients).utf8))
    }
}
