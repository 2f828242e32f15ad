import Testing

@testable import Pipeline

@Suite struct WorkerCountTests {
    @Test func `the smallest limit counts, but at least one worker is left`() {
        #expect(WorkerCount.smallest(affinity: 16, quota: nil, slurm: nil) == 16)
        #expect(WorkerCount.smallest(affinity: 16, quota: 1.5, slurm: nil) == 2)
        #expect(WorkerCount.smallest(affinity: 16, quota: 0.01, slurm: nil) == 1)
        #expect(WorkerCount.smallest(affinity: 16, quota: 1e300, slurm: "4") == 4)
        #expect(WorkerCount.smallest(affinity: 2, quota: 8, slurm: "4") == 2)
        #expect(WorkerCount.smallest(affinity: 0, quota: nil, slurm: nil) == 1)
        #expect(WorkerCount.automatic() >= 1)
    }

    @Test(arguments: ["", "0", "-3", "four", "2.5", "99999999999999999999999"])
    func `an unusable value of Slurm's is no limit`(value: String) {
        #expect(WorkerCount.smallest(affinity: 3, quota: nil, slurm: value) == 3)
    }

    @Test func `cgroup version 2 takes the smallest quota of the group and those above it`() {
        let files = [
            "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "/sys/fs/cgroup/a/cpu.max": "250000 100000\n",
            "/sys/fs/cgroup/cpu.max": "400000 100000\n",
        ]
        #expect(CgroupQuota.processors(table: "0::/a/b\n") { files[$0] } == 2.5)
        #expect(CgroupQuota.processors(table: "0::/\n") { files[$0] } == 4)
    }

    @Test func `cgroup version 1 reads quota and period`() {
        let files = [
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ]
        // The path is the host's; inside the container only the root exists.
        let table = "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n"
        #expect(CgroupQuota.processors(table: table) { files[$0] } == 0.5)
        #expect(CgroupQuota.processors(table: table) { $0.hasSuffix("quota_us") ? "-1" : "100000" } == nil)
    }

    @Test(arguments: ["", "nonsense", "0::", "0::/../../etc", ":::", "1:cpu"])
    func `a cgroup table that cannot be read is no limit`(table: String) {
        #expect(CgroupQuota.processors(table: table) { _ in "garbage text here" } == nil)
        #expect(CgroupQuota.processors(table: table) { _ in nil } == nil)
    }
}
