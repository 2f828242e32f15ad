import CPlatform
import Foundation

/// How many workers fit into the memory that this process may address: `ulimit -v` and `ulimit -d`, which batch systems
/// set. A worker that gets no memory would end the process in the middle of its films.
public struct AddressSpace: Sendable, Equatable {
    /// How many bytes more the process may address.
    public let room: Int

    /// Nil where there is no limit.
    public init?() {
        // Sizes in pages: all addresses come first, those of data sixth (proc(5)).
        let sizes = ((try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? "").split(separator: " ")
        var room = UInt64.max
        for (resource, field) in [(RLIMIT_AS, 0), (RLIMIT_DATA, 5)] {
            var limit = rlimit()
            // What is unlimited is the largest number.
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur <= Int.max else {
                continue
            }
            let pages = sizes.count > field ? UInt64(sizes[field]) ?? 0 : 0
            let used = pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
            let most = UInt64(limit.rlim_cur)
            room = min(room, most > used ? most - used : 0)
        }
        guard room <= UInt64(Int.max) else { return nil }
        self.init(room: Int(room))
    }

    init(room: Int) {
        self.room = room
    }

    /// Measured, and rounded up: what all workers share, what each needs for itself, and for each pixel of its images.
    private static let (shared, own, pixel) = (128 << 20, 192 << 20, 512)

    /// How many workers have room; 0 if none has.
    /// - Parameter side: pixels of the largest image's side.
    public func workers(imageSide side: Int) -> Int {
        max(room - Self.shared, 0) / (Self.own + Self.pixel * side * side)
    }

    /// What a run with one worker needs, in bytes.
    public static func least(imageSide side: Int) -> Int { shared + own + pixel * side * side }

    /// Has the C library take all memory from one place: otherwise it sets 64 MB of addresses aside for each thread.
    public static func save() { facetreel_save_addresses() }
}
