import Disk

/// Where the record of a folder of pictures lies in an output folder's cache.
public struct ExampleFolder: Sendable, Equatable {
    /// `<output>/.cache/examples`
    public let all: String
    public let key: String

    /// - Parameter cache: `<output>/.cache`.
    public init(cache: String, key: String) {
        all = Self.all(cache: cache)
        self.key = key
    }

    public static func all(cache: String) -> String { "\(cache)/examples" }

    public var path: String { "\(all)/\(key)" }
    public var record: String { "\(path)/examples.json" }
    public var activations: String { "\(path)/activations.safetensors" }
    /// The two of a record that is not finished.
    public var unfinishedActivations: String { "\(path)/activations.unfinished" }
    public var checkpoint: String { "\(path)/checkpoint" }
    public var lock: String { "\(all)/\(key).lock" }

    /// The record, if it is there, is this one and has its activations beside it; nil otherwise.
    public func finished() -> ExampleRecord? {
        guard let contents = try? WholeFile.contents(of: record, limit: Self.longestRecord),
            let record = try? ExampleRecord(decoding: contents), record.key == key, record.isConsistent,
            (try? ActivationTable(activations, of: record)) != nil
        else { return nil }
        return record
    }

    /// A million pictures, or a hundred thousand units.
    private static let longestRecord = 1 << 30
}
