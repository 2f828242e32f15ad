import Disk
import Foundation

/// Where a film lies in an output folder: `<name>/<layer>/<unit>`.
public struct FilmPlace: Sendable, Hashable {
    public let name: String
    public let layer: String
    public let unit: String

    /// Relative to the output folder.
    public var path: String { "\(name)/\(layer)/\(unit)" }

    /// Nil if the text is not `name/layer/unit`.
    public init?(_ path: some StringProtocol) {
        let parts = String(path).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // A folder whose name begins with a dot holds no film.
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else { return nil }
        (name, layer, unit) = (parts[0], parts[1], parts[2])
    }

    /// The places of all films of an output folder, in no order.
    public static func all(in output: String) -> [FilmPlace] {
        films(in: output, depth: 3).compactMap { FilmPlace($0.dropFirst(output.count + 1)) }
    }

    /// The folders of all films in an output folder or in a part of it, in the order of their names; for a film's
    /// folder, itself.
    public static func folders(in folder: String) -> [String] {
        films(in: folder, depth: 3).sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }

    private static func films(in folder: String, depth: Int) -> [String] {
        let own = FileManager.default.fileExists(atPath: "\(folder)/\(FilmRecord.fileName)") ? [folder] : []
        guard depth > 0 else { return own }
        return own
            + ((try? Folder.entries(of: folder)) ?? [])
            .filter { !$0.hasPrefix(".") }.flatMap { films(in: "\(folder)/\($0)", depth: depth - 1) }
    }
}
