import Glibc
import Synchronization

/// The results of `body` for 0 ..< `count`, in order, computed side by side. Where the
/// system starts no threads, the calling one does all of it.
public func concurrently<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    let next = Atomic(0)
    let work = { @Sendable in
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            let result = body(index)
            results.withLock { $0[index] = result }
        }
    }
    var helpers: [SystemThread] = []
    let wanted = min(count, max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 64)
    while helpers.count < wanted - 1, let helper = try? SystemThread(work) { helpers.append(helper) }
    work()
    for helper in helpers { helper.join() }
    return results.withLock { $0.compactMap(\.self) }
}
