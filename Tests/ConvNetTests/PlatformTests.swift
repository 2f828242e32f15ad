import CPlatform
import Foundation
import Testing

@Suite("Processors")
struct PlatformTests {
    #if os(Linux)
        @Test
        func `the count of processors is that of the affinity mask which the kernel shows`() throws {
            let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") })
            let mask = line.dropFirst("Cpus_allowed:".count)
            let allowed = mask.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
            #expect(facetreel_affinity_cpu_count() == Int32(allowed), "\(line)")
        }
    #endif

    @Test
    func `AVX-512 is claimed only where the kernels can run at all`() {
        let kernels = facetreel_cpu_supports_kernels()
        let wide = facetreel_cpu_supports_avx512()
        #expect(
            [0, 1].contains(kernels) && [0, 1].contains(wide) && wide <= kernels, "kernels \(kernels), AVX-512 \(wide)")
    }
}
