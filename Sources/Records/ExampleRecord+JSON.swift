import Disk
import Foundation

extension ExampleRecord {
    init(decoding data: Data) throws { self = try JSONDecoder().decode(Self.self, from: data) }

    /// Its file: the same bytes for the same record.
    public func json() throws -> Data { try stableJSON() }
}
