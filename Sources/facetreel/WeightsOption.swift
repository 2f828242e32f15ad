import ArgumentParser
import ConvNet
import Disk
import Foundation
import Pipeline

/// `--weights`, for every command that runs the network.
struct WeightsOption: ParsableArguments {
    @Option(help: ArgumentHelp("The network's weights.", valueName: "file"), completion: .weights)
    var weights = Self.standard

    /// Where `make weights` puts them, unless the launcher of a distribution names another file.
    private static var standard: String {
        let named = ProcessInfo.processInfo.environment["FACETREEL_WEIGHTS"] ?? ""
        return named.isEmpty ? "Weights/mobilenet_v2.safetensors" : named
    }

    /// Pixels of the smallest image's side.
    private static let smallest = 32

    /// The network, and the weights file's SHA-256. Ends the command where the file is missing or invalid.
    func load() throws -> (network: Network, digest: String) {
        guard FileManager.default.fileExists(atPath: weights) else {
            Message.error("\(weights): no such file; `make weights` fetches the weights")
            throw ExitCode.invalidInput
        }
        // Checked here: what finds no memory later ends the process.
        if let space = AddressSpace(), space.workers(imageSide: Self.smallest) == 0 {
            throw space.refusal(Self.smallest)
        }
        return try readingInput {
            let network = try Network(weights: try SafetensorsFile(path: weights))
            return (network, try SHA256.hexDigest(ofFile: weights))
        }
    }
}
