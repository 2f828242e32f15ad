import Disk
import Dispatch
import Foundation
import Pipeline

/// What one film is worth, in a line: small enough to keep that of every night.
public struct FilmMeasures: Sendable, Codable, Equatable {
    /// `name/layer/unit`
    public var film: String
    /// By name, e.g. `path 2 robustMinimum`; what could not be measured is not there.
    public var measures: [String: Double]
    public var evaluations: Int
    public var seconds: Double
    public var engineRevision: String

    /// Part of film.json: the frames, most of it, are skipped.
    private struct Record: Decodable {
        struct Facet: Decodable {
            let name: String
            let activation: Double
            let robustActivation: Double
            let evaluations: Int
        }
        struct Band: Decodable {
            let evaluations: Int
            let minimumRatio: Double?
            let robustMinimum: Double?
            let contrastMinimum: Double?
            let featureStepRatio: Double?
            let flicker: Double?
        }
        struct Timing: Decodable { let total: Double }
        let facets: [Facet]
        let bands: [Band]
        let timing: Timing
        let engineRevision: String
    }

    /// - Parameter record: the bytes of a film.json.
    init(film: String, record: Data) throws {
        let record = try JSONDecoder().decode(Record.self, from: record)
        self.film = film
        var measures: [String: Double] = [:]
        for (number, facet) in record.facets.enumerated() {
            measures["facet \(number + 1) activation"] = facet.activation
            measures["facet \(number + 1) robustActivation"] = facet.robustActivation
        }
        for (number, band) in record.bands.enumerated() {
            for (name, value) in [
                ("minimumRatio", band.minimumRatio), ("robustMinimum", band.robustMinimum),
                ("contrastMinimum", band.contrastMinimum), ("featureStepRatio", band.featureStepRatio),
                ("flicker", band.flicker),
            ] { measures["path \(number + 1) \(name)"] = value }
        }
        self.measures = measures
        let counts = record.facets.map(\.evaluations) + record.bands.map(\.evaluations)
        for count in counts { try Self.require(0...Self.most, count, "evaluations") }
        evaluations = counts.reduce(0) { min($0 + $1, Self.most) }
        seconds = record.timing.total
        engineRevision = record.engineRevision
        try validate()
    }

    /// More evaluations or seconds than any film takes: what is compared may be anybody's file, and sums of such numbers
    /// must not overflow.
    private static let most = 1_000_000_000_000

    /// - Throws: `SnapshotError` where a number is none that a film can have.
    func validate() throws(SnapshotError) {
        try Self.require(0...Self.most, evaluations, "evaluations")
        try Self.require(0...Double(Self.most), seconds, "seconds")
        for (name, value) in measures { try Self.require(-1e30...1e30, value, name) }
    }

    private static func require<Value>(
        _ range: ClosedRange<Value>, _ value: Value, _ name: String
    ) throws(SnapshotError) {
        guard range.contains(value) else { throw SnapshotError(description: "\(name) is \(value)") }
    }
}

/// The measures of all films of an output folder, or of the file that they were written to, one JSON object a line.
public struct MeasureSnapshot: Sendable, Equatable {
    /// By name.
    public var films: [String: FilmMeasures] = [:]
    /// Films and lines that could not be read, and why.
    public var unreadable: [String] = []

    /// - Parameter path: an output folder or a snapshot.
    /// - Throws: `SnapshotError` where there is neither.
    public init(_ path: String) throws(SnapshotError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SnapshotError(description: "\(path): no such folder or snapshot")
        }
        if isFolder.boolValue { readFolder(path) } else { try readFile(path) }
    }

    private mutating func readFolder(_ output: String) {
        let folders = ReelFolder.folders(in: output)
        let results = Guarded([Result<FilmMeasures, any Error>?](repeating: nil, count: folders.count))
        DispatchQueue.concurrentPerform(iterations: folders.count) { index in
            let result = Result {
                let record = try Data(contentsOf: URL(fileURLWithPath: "\(folders[index])/\(ReelFolder.record)"))
                return try FilmMeasures(film: String(folders[index].dropFirst(output.count + 1)), record: record)
            }
            results.update { $0[index] = result }
        }
        for (folder, result) in zip(folders, results.value) {
            switch result {
            case .success(let film): films[film.film] = film
            case .failure(let error):
                unreadable.append("\(folder)/\(ReelFolder.record): \(SnapshotError.reason(error))")
            case nil: break
            }
        }
    }

    private mutating func readFile(_ path: String) throws(SnapshotError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SnapshotError(description: "\(path): cannot be read")
        }
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                let film = try JSONDecoder().decode(FilmMeasures.self, from: Data(line))
                try film.validate()
                films[film.film] = film
            } catch {
                unreadable.append("\(path):\(number + 1): \(SnapshotError.reason(error))")
            }
        }
    }

    /// Writes the snapshot, sorted; it appears whole or not at all.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        for name in films.keys.sorted() {
            guard let film = films[name] else { continue }
            data += try encoder.encode(film) + Data("\n".utf8)
        }
        try WholeFile.write(data, to: path)
    }
}

/// Why there are no measures: which file or number it is, and what is wrong with it.
public struct SnapshotError: Error, Equatable, CustomStringConvertible {
    public let description: String

    /// In a user's words.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as SnapshotError: error.description
        case is DecodingError: "holds no film's measures"
        default: error.localizedDescription
        }
    }
}
