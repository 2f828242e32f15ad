import ArgumentParser
import ConvNet
import Disk
import Foundation
import Measurement
import Pipeline

/// `facetreel bench`: the engine's speed on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "Measure the engine: the core's FMA peak, evaluations by depth and batch, a step of the standard band.",
        discussion: """
            An evaluation is the forward pass and the input gradient of one 224 x 224 image, or the forward pass alone; \
            a batch of 10 is spread over the workers. A step moves the 10 pivots of a band, and says what is done outside the network. \
            Machines are shared and noisy: compare the minima, and ratios within one run.

            EXAMPLE: facetreel bench --json
            EXAMPLE: facetreel bench --network my_net.onnx --layer layer4.2 --profile
            """)

    @OptionGroup var network: NetworkOption

    @Option(
        help: ArgumentHelp("A layer instead of some of the whole depth; no step of a band.", valueName: "layer"),
        completion: .layer)
    var layer: String?

    @Option(
        name: .long, parsing: .unconditional, help: ArgumentHelp("Side of the images, in pixels.", valueName: "px"))
    var size = 224

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Workers beside the single one.", valueName: "N"))
    var jobs: Int?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Rounds that alternate between the depths.", valueName: "N"))
    var rounds = 15

    @Flag(name: .long, help: "Time each step of the plan and each kind of step, forward and backward.")
    var profile = false

    @Flag(name: .long, help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(rounds) else { throw ValidationError("--rounds must be 1...10000") }
        guard (16...2048).contains(size) else { throw ValidationError("--size must be 16...2048") }
        if let jobs, !WorkerCount.allowed.contains(jobs) { throw ValidationError("--jobs must be 1...1024") }
    }

    func run() throws {
        let network = try network.opened().network()
        let workers = try AddressSpace.workers(wanted: jobs ?? WorkerCount.automatic(), imageSide: size)
        let report = try readingInput {
            try EngineBenchmark.measure(
                network: network, layer: layer, side: size, workers: workers, rounds: rounds, isProfiled: profile)
        }
        Results.print(json ? try report.stableJSONText(isIndented: true) : report.table)
    }
}
