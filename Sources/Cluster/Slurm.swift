import Disk
import Foundation
import Glibc
import Pipeline

/// Slurm's own commands, if they are installed.
public enum Slurm {
    public static let isMissing =
        "sbatch is not on the PATH: run this on a machine from which jobs are submitted, or have the script printed with --print"

    /// Runs a script that submits jobs, and returns what it prints: their numbers.
    ///
    /// - Throws: `ClusterError` if there is no Slurm, or with Slurm's message.
    public static func submit(_ script: String) throws(ClusterError) -> [String] {
        guard find("sbatch") != nil else { throw ClusterError(description: isMissing) }
        guard let bash = find("bash") else { throw ClusterError(description: "bash is not on the PATH") }
        let outcome = try ChildProcess.run(bash, ["-c", script])
        guard outcome.status == 0 else {
            throw ClusterError(description: "sbatch refused (status \(outcome.status)): \(outcome.messages)")
        }
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// How many tasks an array may have (`MaxArraySize`); nil if Slurm does not say.
    public static func largestArray() -> Int? {
        guard let scontrol = find("scontrol"), let outcome = try? ChildProcess.run(scontrol, ["show", "config"]),
            let line = outcome.output.split(separator: "\n").first(where: { $0.hasPrefix("MaxArraySize") }),
            let value = line.split(separator: "=").last
        else { return nil }
        return Int(value.trimmingCharacters(in: .whitespaces))
    }

    /// Tells Slurm to queue the task of this process again, unless Slurm is ending it for another reason. Slurm ends
    /// the task at once, so all work must be done before.
    ///
    /// `RequeueExit=75` alone is not enough, since only a cluster's administrator can set it. If it is set, this does
    /// no harm.
    ///
    /// - Throws: `ClusterError` if this is no task of Slurm, or with Slurm's message.
    public static func requeueOwnTask(_ environment: [String: String]) throws(ClusterError) {
        // Never the bare number of an array's job: it may mean all of its tasks.
        guard let task = ProcessIdentity.task(environment) else {
            throw ClusterError(description: "this is no task of Slurm's")
        }
        guard let scontrol = find("scontrol") else { throw ClusterError(description: "scontrol is not on the PATH") }
        let state = try ChildProcess.run(scontrol, ["--oneliner", "show", "job", task])
        // Otherwise Slurm is ending it already, and decides itself about queueing it again: not if its user has
        // cancelled it.
        guard state.output.split(separator: " ").contains("JobState=RUNNING") else { return }
        let outcome = try ChildProcess.run(scontrol, ["requeue", task])
        guard outcome.status == 0 else {
            throw ClusterError(description: "scontrol requeue \(task): \(outcome.messages)")
        }
    }

    /// The path of a command.
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
