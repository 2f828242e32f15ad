import ConvNet
import Disk
import Film
import Records

/// What became of one picture of a list.
enum PictureOutcome: Sendable {
    case read(ExampleRecord.Size, UnitSummaries)
    case skipped(reason: String, isTransient: Bool)
}

/// Reads pictures and shows them to a network: one worker's.
final class PictureReading {
    private let evaluator: Evaluator
    private let layers: [String]
    private let folder: String

    /// - Parameter layers: in the network's order.
    /// - Throws: `EvaluatorError`
    init(_ network: Network, layers: [String], folder: String) throws(EvaluatorError) {
        let (height, width) = (network.description.height, network.description.width)
        evaluator = try Evaluator(
            network: network, layer: layers[layers.count - 1], height: height, width: width, taps: layers,
            isForwardOnly: true)
        (self.layers, self.folder) = (layers, folder)
    }

    /// The extents of each layer's map.
    func maps() throws(EvaluatorError) -> [ExampleRecord.Size] {
        try layers.map { (layer) throws(EvaluatorError) in
            let shape = try evaluator.activationShape(of: layer)
            return ExampleRecord.Size(height: shape[0], width: shape[1])
        }
    }

    /// - Throws: `EvaluatorError`
    func outcome(_ picture: PictureList.Picture) throws -> PictureOutcome {
        let path = "\(folder)/\(picture.path)"
        let bytes: [UInt8]
        do throws(DiskError) {
            bytes = try WholeFile.bytes(of: path, limit: Bitmap.maximumFileSize)
        } catch {
            return .skipped(reason: error.reason, isTransient: true)
        }
        guard FileSignature(path) == picture.signature else {
            return .skipped(reason: "has changed since the run began", isTransient: true)
        }
        let (size, image): (ExampleRecord.Size, Image)
        do throws(FilmError) {
            (size, image) = try Bitmap.decoding(bytes, path: path) { picture in
                (
                    ExampleRecord.Size(height: picture.height, width: picture.width),
                    Image(picture.classified(width: evaluator.width, height: evaluator.height))
                )
            }
        } catch {
            return .skipped(reason: error.reason, isTransient: false)
        }
        let summaries = try evaluator.summaries(of: image, layers: layers)
        guard summaries.means.allSatisfy(\.isFinite), summaries.peaks.allSatisfy(\.isFinite) else {
            return .skipped(reason: "makes activations that are not finite", isTransient: false)
        }
        return .read(size, summaries)
    }
}
