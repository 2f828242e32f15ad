import Foundation
import Testing

@testable import Disk

struct ProcessIdentityTests {
    /// A killed process of this machine needs no patience; one whose number another process has by now is dead as well.
    @Test func `the machine knows its own dead`() throws {
        let own = ProcessIdentity.current
        #expect(!own.isKnownToBeDead)
        let space = try #require(own.space, "the system does not say which boot this is")
        #expect(ProcessIdentity(host: "here", process: 1 << 22 + 1, space: space, startTicks: 5).isKnownToBeDead)
        #expect(ProcessIdentity(host: "here", process: getpid(), space: space, startTicks: 5).isKnownToBeDead)
        #expect(!ProcessIdentity(host: "here", process: 1 << 22 + 1, space: "elsewhere", startTicks: 5).isKnownToBeDead)
        #expect(
            ProcessIdentity(host: "a/../b ü", process: 1, space: nil, startTicks: nil).name.hasPrefix("a____b__~1~"))
        #expect(ProcessIdentity.task(["SLURM_ARRAY_JOB_ID": "12", "SLURM_ARRAY_TASK_ID": "3"]) == "12_3")
        #expect(ProcessIdentity.task(["SLURM_JOB_ID": "12"]) == "12" && ProcessIdentity.task([:]) == nil)
    }
}
