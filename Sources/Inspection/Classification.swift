import ConvNet
import Film
import Foundation
import Networks
import Pipeline

/// Which classes a network finds in pictures.
public struct Classification {
    /// A class with what the network makes of it.
    public struct Class: Sendable, Equatable, Encodable {
        public var unit: Int
        public var label: String?
        /// Of the softmax over all logits, 0...1.
        public var probability: Double
        public var logit: Float
    }

    private let evaluator: Evaluator
    private let description: NetworkDescription

    /// - Throws: `ProbeError` for a network without logits, `EvaluatorError` where they cannot be computed.
    public init(_ network: Network) throws {
        description = network.description
        guard let layer = description.classLayer else {
            throw ProbeError(
                description: "\(description.name) has no logits: its layers all have maps, and no classes")
        }
        evaluator = try Evaluator(
            network: network, layer: layer.name, height: description.height, width: description.width,
            isForwardOnly: true)
    }

    /// All classes for a picture of any kind, the most probable first.
    public func classes(ofPicture path: String) throws -> [Class] {
        try classes(of: try Bitmap.reading(path: path))
    }

    func classes(of picture: Bitmap) throws -> [Class] {
        let image = Image(picture.classified(width: description.width, height: description.height))
        let logits = evaluator.meanActivations(of: image)
        guard logits.allSatisfy(\.isFinite) else {
            throw ProbeError(description: "\(evaluator.layer.name) has logits that are not finite")
        }
        let probabilities = Self.softmax(logits)
        return logits.indices.sorted { logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1] }.map { unit in
            Class(
                unit: unit, label: description.label(ofUnit: unit, layer: evaluator.layer.name),
                probability: probabilities[unit], logit: logits[unit])
        }
    }

    /// exp(x) / sum of exp(x), without overflow.
    static func softmax(_ logits: [Float]) -> [Double] {
        let greatest = Double(logits.max() ?? 0)
        let powers = logits.map { exp(Double($0) - greatest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
