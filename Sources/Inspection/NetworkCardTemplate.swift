import Disk
import Foundation
import Networks

/// A card to fill in for a network that has none.
public struct NetworkCardTemplate: Sendable {
    /// The three normalizations that almost every network has one of.
    public static let usual = [
        "torchvision and most of timm: mean 0.485,0.456,0.406, standard deviation 0.229,0.224,0.225",
        "-1...1 (TensorFlow, Keras' MobileNets, many of timm): mean 0.5,0.5,0.5, standard deviation 0.5,0.5,0.5",
        "0...1, nothing else: mean 0,0,0, standard deviation 1,1,1",
    ]

    /// JSON with every key that a card can have; those that are unknown are those of torchvision.
    public let text: String

    public init(_ network: NetworkDescription) {
        let word = { (text: String) in (try? text.stableJSONText()) ?? "\"\"" }
        let depths = network.perceptualLayers.map { word($0.name) }.joined(separator: ", ")
        var lines = [
            "\"name\": \(word(network.name))", "\"mean\": [0.485, 0.456, 0.406]",
            "\"standardDeviation\": [0.229, 0.224, 0.225]", "\"colorOrder\": \"RGB\"",
            "\"size\": \(network.height == network.width ? "\(network.height)" : "[\(network.height), \(network.width)]")",
        ]
        if network.classLayer != nil { lines.append("\"labels\": \"labels.txt\"") }
        lines += [
            "\"selections\": {\"last\": [\(word(network.layers.last { !$0.isLogits }?.name ?? ""))]}",
            "\"perceptualLayers\": [\(depths)]", "\"standardLayer\": \(word(network.standardLayer.name))",
            "\"source\": \"\"", "\"licence\": \"\"",
        ]
        text = "{\n" + lines.map { "  \($0)" }.joined(separator: ",\n") + "\n}\n"
    }
}
