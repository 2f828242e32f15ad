import ArgumentParser
import Cluster
import Disk
import Foundation
import JobManifest
import Measurement
import Pipeline

struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Render the films of manifests as a job array on a Slurm cluster.",
        discussion: """
            Writes a script and runs it: an array of tasks, each a shard of the films that costs about the same, and with \
            --after-report a job after it that makes one report of all and the pages. A task that runs out of time or has \
            to make room keeps what it has, is queued again, and goes on. Manifests, OUTPUT, networks and program have to \
            have the same paths on every node. Prints the numbers of the jobs. Documentation/cluster.md has the rest.

            EXAMPLE: facetreel submit Jobs/nightly --shards 64 --after-report
            EXAMPLE: facetreel submit Jobs --time 30 --print > batch.sh
            """)

    @Argument(
        help: ArgumentHelp("Manifests, and folders of which every *.json is one.", valueName: "manifest|dir"),
        completion: .manifest)
    var manifests: [String]

    @Option(help: ArgumentHelp("Where the films land.", valueName: "dir"), completion: .directory)
    var output = "Output"

    @OptionGroup var networks: NetworksOption

    @Option(help: ArgumentHelp("Only the films whose name/layer/unit match, as of `render`.", valueName: "glob"))
    var only: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Tasks of the array; never more than films.", valueName: "n"))
    var shards = 64

    @Option(help: ArgumentHelp("Slurm's partitions.", valueName: "name"))
    var partition: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long a task may take before it is queued again, as Slurm writes it: 90 (minutes), 1-12:00:00 (default: 02:00:00).",
            valueName: "time"),
        transform: { try SlurmTime($0) })
    var time = SlurmTime.standard

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Processors of a task, each of which gets a worker.", valueName: "n"))
    var cpus = 4

    @Flag(help: "Have report and pages made when all tasks have ended.")
    var afterReport = false

    @Flag(help: "Print the script, and submit nothing.")
    var print = false

    func validate() throws {
        guard (1...Shard.largestCount).contains(shards) else {
            throw ValidationError("--shards \(shards): expected 1 to \(Shard.largestCount)")
        }
        guard WorkerCount.allowed.contains(cpus) else {
            throw ValidationError(
                "--cpus \(cpus): expected \(WorkerCount.allowed.lowerBound) to \(WorkerCount.allowed.upperBound)")
        }
        if let only {
            do { _ = try Glob(only) } catch { throw ValidationError("--only: \(error)") }
        }
    }

    func run() throws {
        let library = networks.library
        let batch = try batch(try ManifestSet.valid(manifests, library).reels(matching: only), library)
        guard !print else { return Results.print(batch.script, terminator: "") }
        if let largest = Slurm.largestArray(), batch.shards > largest {
            Message.error(
                "--shards \(batch.shards): this cluster's arrays have at most \(largest) tasks (MaxArraySize)")
            throw ExitCode.failure
        }
        do throws(ClusterError) {
            for job in try Slurm.submit(batch.script) { Results.print(job) }
        } catch {
            Message.error(error.description)
            throw ExitCode.failure
        }
    }

    private func batch(_ reels: [Reel], _ library: NetworkLibrary) throws -> SlurmBatch {
        let tasks = min(shards, max(reels.count, 1))
        if tasks < shards {
            Message.line("\(tasks) \(tasks == 1 ? "task" : "tasks"), not \(shards): there are no more films")
        }
        let forecast = CostForecast(reels, describing: { try? library.description(of: $0) })
        do {
            return try SlurmBatch(
                program: try Self.program(), workingDirectory: try Folder.working(),
                manifests: manifests, output: output, networks: networks.folders.first, shards: tasks, only: only,
                partition: partition, time: time, processors: cpus, hasReport: afterReport,
                summary:
                    "\(reels.count) \(reels.count == 1 ? "film" : "films") in \(tasks) \(tasks == 1 ? "task" : "tasks") of \(cpus) processors: \(forecast.summary(workers: tasks * cpus)) of a typical machine"
            )
        } catch {
            throw ValidationError(String(describing: error))
        }
    }

    /// The program that the nodes run: this one, or the launcher that chose it for the processor of this machine.
    private static func program() throws(DiskError) -> String {
        if let launcher = ProcessInfo.processInfo.environment["FACETREEL_PROGRAM"] { return launcher }
        return try Link.target(of: "/proc/self/exe") ?? "facetreel"
    }
}
