import ConvNet
import Foundation
import Threads

/// A number of workers, each on a thread of its own, with work at two levels (DESIGN "Scheduling"). Whole tasks (reels) come
/// first, one per worker and without synchronisation. If no task waits, workers help with the parallel items of a task
/// (facets, bands, pivots), so that a single film uses the whole machine, and so does the end of a run.
///
/// A worker that opens parallel items works on them itself. When the last of them run elsewhere, it helps with the
/// items that these have opened. No worker waits for an item that nobody runs, so there is no deadlock; and
/// none spins.
public final class WorkerPool: @unchecked Sendable {
    // `@unchecked`: every stored variable is read and written with `condition` locked.

    public let workerCount: Int
    /// Once a stop is asked for, no further task starts, and parallel items end with `Stopped`.
    public let stop: StopSignal

    private let condition = NSCondition()
    private var nextTask = 0
    private var taskCount = 0
    private var runningTasks = 0
    private var threadCount = 0
    private var openItems: [ParallelItems] = []

    /// - Parameter workerCount: at least 1.
    public init(workerCount: Int, stop: StopSignal = StopSignal()) {
        precondition(workerCount >= 1, "a pool has at least one worker")
        self.workerCount = workerCount
        self.stop = stop
    }

    /// Runs tasks 0 ..< `count`, started in that order, at most one per worker at a time; returns when all that started
    /// have ended. Must not be called from inside a task, nor twice at a time.
    ///
    /// The calling thread is the first worker. Where the system refuses threads for the others, there are fewer, and
    /// the results are the same.
    ///
    /// - Parameter whenShort: takes the number of workers there are and the reason, where it is less than
    ///   `workerCount`.
    public func run(
        _ count: Int, whenShort: (Int, SystemThread.Refused) -> Void = { _, _ in },
        task: @escaping @Sendable (Int, Worker) -> Void
    ) {
        locked {
            precondition(runningTasks == 0 && nextTask >= taskCount, "one run at a time")
            nextTask = 0
            taskCount = count
        }
        var threads: [SystemThread] = []
        do throws(SystemThread.Refused) {
            for index in 1..<workerCount {
                threads.append(
                    try SystemThread { self.work(as: Worker(index: index), task: task) })
            }
        } catch {
            whenShort(threads.count + 1, error)
        }
        locked { threadCount = threads.count + 1 }
        work(as: Worker(index: 0), task: task)
        for thread in threads { thread.join() }
    }

    /// How many workers the last run had, as far as the system started threads; before the first, `workerCount`.
    public var startedWorkers: Int {
        condition.lock()
        defer { condition.unlock() }
        return threadCount == 0 ? workerCount : threadCount
    }

    /// Starts no further task. Those that run go on to their end, with the help of all workers.
    public func startNoMore() {
        locked {
            taskCount = min(taskCount, nextTask)
            condition.broadcast()
        }
    }

    /// The results of `body` for 0 ..< `count`, in order of index, each computed once on some worker. May be nested.
    ///
    /// - Parameters:
    ///   - worker: the worker that the caller runs on.
    ///   - finishes: whether it goes on to the end when a stop is asked for: for short work that must not be left half
    ///     done.
    /// - Throws: the error of the lowest failing index (later items may then be left undone), or `Stopped`.
    public func parallel<Result: Sendable>(
        _ count: Int, on worker: Worker, finishes: Bool = false,
        _ body: @escaping @Sendable (Int, Worker) throws -> Result
    ) throws -> [Result] {
        let results = Guarded([Result?](repeating: nil, count: count))
        let meter = EvaluationMeter.current
        let items = ParallelItems(count: count, enclosing: worker.enclosing) { index, worker in
            let result = try EvaluationMeter.$current.withValue(meter) { try body(index, worker) }
            results.update { $0[index] = result }
        }
        condition.lock()
        openItems.append(items)
        condition.broadcast()
        while true {
            if stop.isRequested, !finishes { items.abandon() }
            if items.isOpen {
                runItem(of: items, on: worker)
            } else if items.isDone {
                break
            } else if let inner = openItems.first(where: { inner in
                inner.isOpen && inner.enclosing.contains { $0 === items }
            }) {
                // These cannot end before those do: helping delays nothing.
                runItem(of: inner, on: worker)
            } else {
                condition.wait()
            }
        }
        openItems.removeAll { $0 === items }
        let failure = items.failure
        let isAbandoned = items.isAbandoned
        condition.unlock()

        if let failure { throw failure.error }
        if isAbandoned { throw Stopped() }
        return results.value.compactMap(\.self)
    }

    /// What one worker does for the length of a run.
    private func work(as worker: Worker, task: @Sendable (Int, Worker) -> Void) {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if nextTask < taskCount, !stop.isRequested {
                let index = nextTask
                nextTask += 1
                runningTasks += 1
                unlocked { task(index, worker) }
                runningTasks -= 1
                condition.broadcast()
            } else if !stop.isRequested, let items = openItems.first(where: \.isOpen) {
                runItem(of: items, on: worker)
            } else if runningTasks == 0 {
                // Tasks that were never started are not started any more.
                taskCount = nextTask
                return
            } else {
                condition.wait()
            }
        }
    }

    /// Runs one of some open items. Called, and returns, with the lock held.
    private func runItem(of items: ParallelItems, on worker: Worker) {
        let index = items.claim()
        var failure: (any Error)?
        let outside = worker.enclosing
        unlocked {
            worker.enclosing = items.enclosing + [items]
            do { try items.perform(index, worker) } catch { failure = error }
            worker.enclosing = outside
        }
        items.complete(index, error: failure)
        if items.isDone { condition.broadcast() }
    }

    private func locked(_ body: () -> Void) {
        condition.lock()
        body()
        condition.unlock()
    }

    private func unlocked(_ body: () -> Void) {
        condition.unlock()
        body()
        condition.lock()
    }
}
