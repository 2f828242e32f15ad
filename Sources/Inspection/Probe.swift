import ConvNet
import Film
import Foundation
import Pipeline

/// Looks at one layer of the network through one image: the mean activations of its units and, for one unit, their
/// derivative by the image.
public struct Probe: Sendable {
    /// `[units]`.
    public let meanActivations: [Float]
    /// `[height, width, channel]`, the image in -1...1.
    public let gradient: Image?

    /// - Parameters:
    ///   - unit: the unit whose gradient is wanted; nil for none.
    ///   - isExact: plain sums everywhere, as `Evaluator` has it.
    /// - Throws: `EvaluatorError` for a layer or an image size that cannot be, `ProbeError` for a unit, for an image
    ///   beyond -1...1, and for weights that make no numbers of it.
    public init(_ image: Image, network: Network, layer name: String, unit: Int?, isExact: Bool = false) throws {
        let evaluator = try Evaluator(
            network: network, layer: name, height: image.height, width: image.width, passesSoftmax: false,
            isForwardOnly: unit == nil, isExact: isExact)
        if let place = image.pixels.firstIndex(where: { !$0.isFinite }) {
            throw ProbeError(description: "the image's value \(place) is not a finite number")
        }
        if let lowest = image.pixels.min(), let highest = image.pixels.max(),
            min(lowest, -highest) < -1 - Self.rangeSlack
        {
            throw ProbeError(
                description: "the image's values go from \(lowest) to \(highest), those of an image from -1 to 1: "
                    + "scale it (0...255 by v / 127.5 - 1)")
        }
        if let unit {
            guard unit >= 0, unit < evaluator.layer.unitCount else {
                throw ProbeError(
                    description: "unit \(unit) of \(name): its units are 0...\(evaluator.layer.unitCount - 1)")
            }
            var gradient = Image(height: image.height, width: image.width, repeating: 0)
            _ = evaluator.value(of: .unit(unit), at: image, gradient: &gradient)
            self.gradient = gradient
        } else {
            gradient = nil
        }
        meanActivations = evaluator.meanActivations(of: image)
        guard meanActivations.allSatisfy(\.isFinite), gradient?.pixels.allSatisfy(\.isFinite) ?? true else {
            throw ProbeError(
                description: "\(name) has activations that are not finite: these weights are no trained network's")
        }
    }

    /// How far beyond -1...1 rounding may have taken a value, that of half precision included.
    private static let rangeSlack: Float = 1e-3

    /// The image of a picture of any kind (8 bit become -1...1), told by how it begins, or of a tensor `[height, width, 3]` in a
    /// safetensors file. Its values are in -1...1, or in 0...1 where the file's metadata has `image_range` = `0..1`.
    /// - Throws: `FilmError` or `SafetensorsError` for a file that cannot be read, `ProbeError` for a tensor that is no
    ///   image or of another range.
    public static func image(path: String, tensor name: String) throws -> Image {
        guard path.lowercased().hasSuffix(".safetensors") else { return Image(try Bitmap.reading(path: path)) }
        let file = try SafetensorsFile(path: path)
        let tensor = try file.tensor(named: name)
        guard tensor.shape.count == 3, tensor.shape[2] == Image.channelCount, tensor.shape.allSatisfy({ $0 > 0 }) else {
            throw ProbeError(
                description: "\(path): tensor \"\(name)\" has shape \(tensor.shape), an image is [height, width, 3]")
        }
        var pixels = tensor.values
        switch file.metadata["image_range"] {
        case nil, "-1..1": break
        case "0..1": for index in pixels.indices { pixels[index] = 2 * pixels[index] - 1 }
        case let range?:
            throw ProbeError(
                description: "\(path): its image_range is \"\(range)\", that of an image \"-1..1\" or \"0..1\"")
        }
        return Image(height: tensor.shape[0], width: tensor.shape[1], pixels: pixels)
    }

    /// Writes `mean_activation` `[units]` and, where it was asked for, `gradient` `[height, width, 3]`.
    public func write(to path: String, layer: String, unit: Int?) throws {
        var tensors = [
            (name: "mean_activation", tensor: Tensor(shape: [meanActivations.count], values: meanActivations))
        ]
        var metadata = ["layer": layer, "engine_revision": Network.engineRevision]
        if let gradient, let unit {
            metadata["unit"] = String(unit)
            tensors.append(
                (
                    name: "gradient",
                    tensor: Tensor(
                        shape: [gradient.height, gradient.width, Image.channelCount], values: gradient.pixels)
                ))
        }
        try SafetensorsFile.write(tensors, metadata: metadata, to: path)
    }
}

/// Why a probe is not possible.
public struct ProbeError: Error, Equatable, CustomStringConvertible {
    public let description: String
}
