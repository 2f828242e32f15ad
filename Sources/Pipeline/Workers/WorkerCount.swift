import CPlatform
import Foundation

/// How many workers a run has when nobody says: as many processors as it may really use.
public enum WorkerCount {
    /// What `--jobs` accepts.
    public static let allowed = 1...1024

    /// The smallest of the scheduler's affinity mask, the control groups' quota and Slurm's allotment; at least 1.
    ///
    /// A quota of 1.5 processors gives two workers, which use all of it.
    public static func automatic() -> Int {
        let table = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        return smallest(
            affinity: Int(facetreel_affinity_cpu_count()),
            quota: CgroupQuota.processors(table: table) { try? String(contentsOfFile: $0, encoding: .utf8) },
            slurm: ProcessInfo.processInfo.environment["SLURM_CPUS_PER_TASK"])
    }

    /// A value of `slurm` that is not a positive whole number is no limit.
    static func smallest(affinity: Int, quota: Double?, slurm: String?) -> Int {
        var count = affinity
        if let quota { count = min(count, Int(min(quota, Double(allowed.upperBound)).rounded(.up))) }
        if let slurm = slurm.flatMap({ Int($0) }), slurm >= 1 { count = min(count, slurm) }
        return min(max(count, allowed.lowerBound), allowed.upperBound)
    }
}
