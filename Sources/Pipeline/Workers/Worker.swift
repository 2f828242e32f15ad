/// One of a pool's threads of execution: its number, and the scratch memory that it keeps from item to item.
///
/// A worker exists only inside the closures that run on it, so what it holds needs no lock.
public final class Worker {
    /// 0 ..< the pool's worker count.
    public let index: Int

    /// Those of whose items this worker is inside, outermost first.
    var enclosing: [ParallelItems] = []

    private var scratchKey: String?
    private var scratch: AnyObject?

    public init(index: Int) {
        self.index = index
    }

    /// The scratch that is kept under `key`. If another one is kept, it is dropped before the new one is made, so that
    /// a worker never holds two.
    public func scratch<Scratch: AnyObject>(for key: String, make: () throws -> Scratch) rethrows -> Scratch {
        if scratchKey == key, let kept = scratch as? Scratch { return kept }
        scratchKey = nil
        scratch = nil
        let made = try make()
        scratchKey = key
        scratch = made
        return made
    }
}
