import Disk

/// Why a network file, its card, or one place in them cannot be used, and what helps.
public struct NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Path of the file, as it was given.
    public let file: String
    /// What in the file is at fault: `node "Conv_3" (Conv)`, `weight "w"`; nil if it is the file as a whole.
    public let place: String?
    public let reason: String
    /// What helps, as a sentence without its full stop; empty where the reason says it.
    public let remedy: String

    private static let longestReason = 800

    public init(file: String, place: String? = nil, reason: String, remedy: String = "") {
        self.file = file
        self.place = place
        // A damaged file may have a kernel of ten thousand extents.
        self.reason = reason.utf8.count > Self.longestReason ? "\(reason.prefix(Self.longestReason))..." : reason
        self.remedy = remedy
    }

    public init(_ error: DiskError, place: String? = nil, remedy: String? = nil) {
        let reason = error.fault + (error.systemReason.map { ": \($0)" } ?? "")
        self.init(file: error.path, place: place, reason: reason, remedy: (remedy ?? error.remedy).sentence)
    }

    /// `mine.onnx: weight "w": holds 20 bytes, its shape [2, 3, 1, 1] needs 24. Export the network again.`
    public var description: String {
        let file = file.printable
        let head = place.map { "\(file): \($0)" } ?? file
        return "\(head): \(reason)" + (remedy.isEmpty ? "" : ". \(remedy).")
    }
}
