import Disk

/// Why a safetensors file, or one tensor of it, cannot be read, and what to do about it.
public struct SafetensorsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Path of the file, as it was given.
    public let file: String
    /// Name of the tensor at fault; nil if it is the file as a whole.
    public let tensor: String?
    public let reason: String
    public let remedy: String

    public init(file: String, tensor: String? = nil, reason: String, remedy: String) {
        self.file = file
        self.tensor = tensor
        self.reason = reason
        self.remedy = remedy
    }

    init(_ error: DiskError, tensor: String? = nil, remedy: String) {
        let reason = error.fault + (error.systemReason.map { " (\($0))" } ?? "")
        self.init(file: error.path, tensor: tensor, reason: reason, remedy: remedy)
    }

    /// `weights.safetensors: tensor "features.0.0.weight": <reason>. <remedy>.`
    public var description: String {
        let place = tensor.map { ": tensor \(SafetensorsError.quoted($0))" } ?? ""
        return "\(file)\(place): \(reason). \(remedy)."
    }

    /// A word from a file: as it is where it is one, otherwise quoted.
    static func printable(_ word: String) -> String {
        let isPlain = (1...40).contains(word.utf8.count) && word.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isPlain ? word : quoted(word)
    }

    /// A string from a file as one short line, whatever it holds.
    static func quoted(_ text: String) -> String {
        let longest = 120
        return String(reflecting: String(text.prefix(longest))) + (text.count > longest ? "..." : "")
    }
}
