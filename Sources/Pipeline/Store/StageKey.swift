import Disk
import Foundation
import JobManifest

/// By what the result of a stage is known: the SHA-256 of everything that it is made from, in canonical form, and of
/// nothing else. Names that only label are not in it, and pictures enter by their content, whatever their path.
struct StageKey: Sendable, Hashable, CustomStringConvertible {
    /// 64 lowercase hexadecimal digits.
    let description: String

    init(of ingredients: some Encodable) throws {
        description = SHA256.hexDigest(of: Data(try canonicalJSON(ingredients).utf8))
    }
}
