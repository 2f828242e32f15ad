import ConvNet
import Disk
import Foundation

/// What a file of the cache holds: numbers as JSON, and tensors.
public struct StageRecord: Sendable {
    public private(set) var state: Data
    public private(set) var tensors: [String: SafetensorsContents.Values]

    /// - Throws: `EncodingError` for a number that is not finite.
    public init(_ state: some Encodable, _ tensors: [String: SafetensorsContents.Values]) throws {
        self.state = try state.stableJSON()
        self.tensors = tensors
    }

    init(state: Data, tensors: [String: SafetensorsContents.Values]) {
        self.state = state
        self.tensors = tensors
    }

    /// The numbers.
    public func decode<State: Decodable>(_ type: State.Type = State.self) throws -> State {
        do {
            return try JSONDecoder().decode(type, from: state)
        } catch {
            throw StageRecordError(description: "its numbers are not those of this stage")
        }
    }

    /// The values of a tensor, which must have this shape and be finite.
    public func floats(_ name: String, shape: [Int]) throws -> [Float] {
        guard case .floats(let tensor) = tensors[name], tensor.shape == shape else { throw misfit(name, shape) }
        guard tensor.values.allSatisfy(\.isFinite) else {
            throw StageRecordError(description: "its tensor \(name) holds a number that is not finite")
        }
        return tensor.values
    }

    public func bytes(_ name: String, shape: [Int]) throws -> [UInt8] {
        guard case .bytes(let tensor) = tensors[name], tensor.shape == shape else { throw misfit(name, shape) }
        return tensor.values
    }

    private func misfit(_ name: String, _ shape: [Int]) -> StageRecordError {
        StageRecordError(description: "its tensor \(name) is missing, or not of the shape \(shape)")
    }
}

/// Why a file of the cache, though whole, does not fit its stage.
public struct StageRecordError: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}
