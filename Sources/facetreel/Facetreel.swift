import ArgumentParser
import CPlatform
import ConvNet
import Foundation

/// The command. Results go to standard output, messages to standard error.
@main
struct Facetreel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facetreel",
        abstract: "Renders films of what the units of a convolutional network respond to.",
        discussion: """
            EXAMPLE: facetreel render Jobs/first.json

            EXIT STATUS: 0 done, 1 a film failed or a result could not be written, 2 an input file or folder is invalid, \
            64 wrong usage, 75 the time budget is over and work is left, 129, 130 or 143 stopped by SIGHUP, SIGINT or \
            SIGTERM (75 in a Slurm job).
            """,
        version: "facetreel, engine revision \(Network.engineRevision), for \(EngineBuild.processor)",
        subcommands: [
            RenderCommand.self, ValidateCommand.self, ExpandCommand.self, InspectCommand.self, LayersCommand.self,
            ProbeCommand.self, ClassifyCommand.self, ExamplesCommand.self, GalleryCommand.self, SchemaCommand.self,
            BenchCommand.self,
            CacheCommand.self, CheckCommand.self,
            CompareCommand.self, SubmitCommand.self, StatusCommand.self, ReportCommand.self,
        ])

    static func main() {
        guard facetreel_cpu_supports_kernels() == 1 else {
            Message.error(
                "this processor has no AVX2 and FMA, which the network's kernels need; run on one from 2013 or later")
            exit(withError: ExitCode.failure)
        }
        if EngineBuild.needsAVX512, facetreel_cpu_supports_avx512() != 1 {
            Message.error(
                "this program was built for AVX-512, which this processor lacks; build it again here: `make clean build`, or anywhere with FACETREEL_CPU=x86-64-v3"
            )
            exit(withError: ExitCode.failure)
        }
        runAndExit()
    }
}
