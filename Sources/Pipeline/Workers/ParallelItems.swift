/// Items 0 ..< `count` of one `WorkerPool.parallel` call, and how far they are. Guarded by the pool's lock.
final class ParallelItems {
    let count: Int
    /// Those from whose items these were opened, outermost first.
    let enclosing: [ParallelItems]
    let perform: (Int, Worker) throws -> Void

    private var next = 0
    private var running = 0
    private(set) var failure: (index: Int, error: any Error)?
    private(set) var isAbandoned = false

    init(count: Int, enclosing: [ParallelItems], perform: @escaping (Int, Worker) throws -> Void) {
        self.count = count
        self.enclosing = enclosing
        self.perform = perform
    }

    /// Whether there are items that no worker has taken yet.
    var isOpen: Bool { next < count && failure == nil && !isAbandoned }
    /// Whether no item waits and none runs.
    var isDone: Bool { !isOpen && running == 0 }

    /// Takes the lowest waiting item.
    func claim() -> Int {
        defer {
            next += 1
            running += 1
        }
        return next
    }

    /// Items are taken in order, so every item below a failed one has been taken as well and runs to its end: the
    /// lowest failing index is the same whatever the number of workers.
    func complete(_ index: Int, error: (any Error)?) {
        running -= 1
        guard let error else { return }
        if let failure, failure.index < index { return }
        failure = (index, error)
    }

    /// Leaves the waiting items undone.
    func abandon() {
        if next < count { isAbandoned = true }
    }
}
