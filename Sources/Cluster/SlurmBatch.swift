import Foundation

/// A batch of films as a Slurm job array, one task a shard, and a job after it that makes one report and the pages.
public struct SlurmBatch: Sendable {
    /// Path of the program, on every node.
    public var program: String
    /// The working directory on every node, where relative paths begin.
    public var workingDirectory: String
    public var manifests: [String]
    public var output: String
    /// `--networks` of `render`.
    public var networks: String?
    public var shards: Int
    /// `--only` of `render`.
    public var only: String?
    public var partition: String?
    public var time: SlurmTime
    /// Processors of a task.
    public var processors: Int
    public var hasReport: Bool
    /// What the batch is, in one line for the reader of the script.
    public var summary: String

    public init(
        program: String, workingDirectory: String, manifests: [String], output: String, networks: String? = nil,
        shards: Int,
        only: String? = nil, partition: String? = nil, time: SlurmTime, processors: Int, hasReport: Bool,
        summary: String
    ) throws(ClusterError) {
        if let partition, !Self.isName(partition) {
            throw ClusterError(
                description: "--partition \(partition): expected names of partitions such as short or short,long")
        }
        // Slurm's patterns for file names cannot express a backslash.
        if output.contains("\\") {
            throw ClusterError(description: "--output \(output): Slurm's logs cannot lie in a folder with a backslash")
        }
        self.program = program
        self.workingDirectory = workingDirectory
        self.manifests = manifests
        self.output = output
        self.networks = networks
        self.shards = shards
        self.only = only
        self.partition = partition
        self.time = time
        self.processors = processors
        self.hasReport = hasReport
        self.summary = summary
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-")
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.,".contains($0)) }
    }

    /// A bash script that submits everything when it is run, and prints the job's number: what `facetreel submit` runs.
    public var script: String {
        let logs = "\(output)/.cache/slurm"
        let word = ShellWord.quoted
        var text = """
            #!/usr/bin/env bash
            # \(oneLine(summary))
            # Written by `facetreel submit`; running it submits the batch.
            set -euo pipefail
            cd \(word(workingDirectory))
            mkdir -p \(word(logs))

            # The films, in shards that cost about the same. A minute before its time is over, or when it has to make room, a
            # task hears SIGTERM, keeps what it has and ends with status 75; --requeue has it queued again, and it goes on.
            array=$(sbatch --parsable --output=\(word(pattern(logs) + "/%A_%a.log")) <<'TASK'
            #!/usr/bin/env bash
            #SBATCH --job-name=facetreel
            #SBATCH --array=0-\(shards - 1)
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task=\(processors)
            #SBATCH --time=\(time.text)
            \(partitionLine)#SBATCH --signal=B:TERM@60
            #SBATCH --requeue
            #SBATCH --open-mode=append
            # exec, so that the signal reaches the program and nobody else.
            exec \(command)
            TASK
            )
            # With several clusters Slurm names its own after the number.
            array=${array%%;*}
            echo "$array"

            """
        if hasReport {
            text += """

                # When all tasks have ended, however they ended: one report of all, and the pages.
                sbatch --parsable --dependency="afterany:$array" --export=ALL,FACETREEL_BATCH="$array" \\
                    --output=\(word(pattern(logs) + "/%j_report.log")) <<'REPORT'
                #!/usr/bin/env bash
                #SBATCH --job-name=facetreel-report
                #SBATCH --ntasks=1
                #SBATCH --time=00:30:00
                \(partitionLine)exec \(word(program)) report --batch "$FACETREEL_BATCH" -- \(word(output))
                REPORT

                """
        }
        return text
    }

    private var partitionLine: String { partition.map { "#SBATCH --partition=\($0)\n" } ?? "" }

    private var command: String {
        let word = ShellWord.quoted
        var words = [
            word(program), "render", word("--output=\(output)"), "--shard \"$SLURM_ARRAY_TASK_ID/\(shards)\"",
            "--requeue", "--progress plain",
        ]
        if let networks { words.append(word("--networks=\(networks)")) }
        if let only { words.append(word("--only=\(only)")) }
        return (words + ["--"] + manifests.map(word)).joined(separator: " ")
    }

    /// A path as the beginning of a pattern for file names, in which `%` means something.
    private func pattern(_ path: String) -> String {
        path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }

    private func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
