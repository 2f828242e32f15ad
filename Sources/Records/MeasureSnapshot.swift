import Disk
import Foundation
import Threads

/// The measures of all films of an output folder, or of a file to which they were written, one JSON object in each
/// line.
public struct MeasureSnapshot: Sendable, Equatable {
    /// By name.
    public var films: [String: FilmMeasures] = [:]
    /// Films and lines that could not be read, and why.
    public var unreadable: [String] = []

    /// - Parameter path: an output folder or a snapshot.
    /// - Throws: `SnapshotError` where there is neither.
    public init(_ path: String) throws(SnapshotError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw SnapshotError(description: "\(path): no such folder or snapshot")
        }
        guard Folder.exists(path) else {
            try readFile(path)
            return
        }
        do throws(DiskError) { try Folder.check(path) } catch { throw SnapshotError(description: error.description) }
        readFolder(path)
    }

    private mutating func readFolder(_ output: String) {
        let search = FilmSearch(in: output)
        unreadable = search.unreadable.map(\.description)
        let folders = search.sorted
        let results = concurrently(folders.count) { index in
            Result {
                let record = try WholeFile.contents(of: "\(folders[index])/\(FilmRecord.fileName)")
                return try FilmMeasures(film: String(folders[index].dropFirst(output.count + 1)), record: record)
            }
        }
        for (folder, result) in zip(folders, results) {
            switch result {
            case .success(let film): films[film.film] = film
            case .failure(let error):
                unreadable.append("\(folder)/\(FilmRecord.fileName): \(SnapshotError.reason(error))")
            }
        }
    }

    private mutating func readFile(_ path: String) throws(SnapshotError) {
        let data = try Self.contents(of: path)
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                let film = try JSONDecoder().decode(FilmMeasures.self, from: Data(line))
                try film.validate()
                films[film.film] = film
            } catch {
                unreadable.append("\(path):\(number + 1): \(SnapshotError.reason(error))")
            }
        }
        if films.isEmpty, let first = unreadable.first {
            throw SnapshotError(description: "\(first); this is no snapshot, which `compare --snapshot` writes")
        }
    }

    /// The bytes of a snapshot, which may come through a pipe.
    private static func contents(of path: String) throws(SnapshotError) -> Data {
        let limit = WholeFile.standardLimit
        do throws(DiskError) {
            let bytes = try WholeFile.bytes(ofFileOrPipe: path, limit: limit)
            if bytes.count <= limit { return Data(bytes) }
        } catch {
            throw SnapshotError(description: error.description)
        }
        throw SnapshotError(description: "\(path): has more than the \(limit >> 20) MiB that are read")
    }

    /// Writes the snapshot, sorted; it appears whole or not at all.
    public func write(to path: String) throws {
        var data = Data()
        for name in films.keys.sorted() {
            guard let film = films[name] else { continue }
            data += try film.stableJSON() + Data("\n".utf8)
        }
        try WholeFile.write(data, to: path)
    }
}

/// Why there are no measures: which file or number it is, and what is wrong with it.
public struct SnapshotError: Error, Equatable, CustomStringConvertible {
    public let description: String

    static let noMeasures = SnapshotError(description: "holds no film's measures")

    /// The reason of an error, in words for users.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as SnapshotError: error.description
        case let error as DiskError: error.reason
        case is DecodingError: noMeasures.description
        default: error.localizedDescription
        }
    }
}
