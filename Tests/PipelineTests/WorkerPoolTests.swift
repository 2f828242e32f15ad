import Foundation
import Testing

@testable import Pipeline

/// Counts, per index, how often it was run, and which workers ran anything.
private final class Tally: Sendable {
    private let counts: Guarded<[Int]>
    private let seen = Guarded<Set<Int>>([])
    init(_ count: Int) { counts = Guarded([Int](repeating: 0, count: count)) }
    func add(_ index: Int, _ worker: Worker? = nil) {
        counts.update { $0[index] += 1 }
        if let worker { seen.update { $0.insert(worker.index) } }
    }
    var values: [Int] { counts.value }
    var workers: Set<Int> { seen.value }
}

private final class Box<Value: Sendable>: Sendable {
    private let stored: Guarded<Value>
    init(_ value: Value) { stored = Guarded(value) }
    var value: Value {
        get { stored.value }
        set { stored.update { $0 = newValue } }
    }
}

private struct Failure: Error, Equatable { let index: Int }

@Suite struct WorkerPoolTests {
    @Test(arguments: 1...4)
    func `every task and every item runs exactly once`(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        let tasks = Tally(7)
        let items = Tally(7 * 13)
        let sums = Tally(7)
        pool.run(7) { task, worker in
            tasks.add(task, worker)
            let results = try? pool.parallel(13, on: worker) { item, helper in
                items.add(task * 13 + item, helper)
                return item * item
            }
            if results == (0..<13).map({ $0 * $0 }) { sums.add(task) }
        }
        #expect(tasks.values.allSatisfy { $0 == 1 }, "\(tasks.values)")
        #expect(items.values.allSatisfy { $0 == 1 }, "\(items.values)")
        #expect(sums.values.allSatisfy { $0 == 1 }, "results out of order: \(sums.values)")
        #expect(items.workers.isSubset(of: Set(0..<workers)), "\(items.workers)")
    }

    @Test(arguments: 1...4)
    func `items nest three deep without a deadlock`(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        let leaves = Tally(2 * 3 * 4 * 5)
        pool.run(2) { a, worker in
            _ = try? pool.parallel(3, on: worker) { b, worker in
                try pool.parallel(4, on: worker) { c, worker in
                    try pool.parallel(5, on: worker) { d, worker in
                        leaves.add(((a * 3 + b) * 4 + c) * 5 + d, worker)
                    }.count
                }.reduce(0, +)
            }
        }
        #expect(leaves.values.allSatisfy { $0 == 1 }, "\(leaves.values)")
    }

    @Test func `idle workers help the only task`() {
        // Each item waits until both have begun: possible only on two workers at a time.
        let pool = WorkerPool(workerCount: 2)
        let met = Box(false)
        pool.run(1) { _, worker in
            let bothBegun = DispatchGroup()
            bothBegun.enter()
            bothBegun.enter()
            let results = try? pool.parallel(2, on: worker) { _, _ in
                bothBegun.leave()
                return bothBegun.wait(timeout: .now() + 30) == .success
            }
            met.value = results == [true, true]
        }
        #expect(met.value)
    }

    @Test func `an owner that waits for a helper helps with what the helper opens`() {
        let pool = WorkerPool(workerCount: 2)
        let met = Box(false)
        pool.run(1) { _, worker in
            let results = try? pool.parallel(2, on: worker) { item, worker in
                guard item == 1 else { return true }
                let bothBegun = DispatchGroup()
                bothBegun.enter()
                bothBegun.enter()
                return try pool.parallel(2, on: worker) { _, _ in
                    bothBegun.leave()
                    return bothBegun.wait(timeout: .now() + 30) == .success
                } == [true, true]
            }
            met.value = results == [true, true]
        }
        #expect(met.value)
    }

    @Test(arguments: 1...4)
    func `the error of the lowest index is thrown`(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        for _ in 0..<50 {
            let seen = Box<Failure?>(nil)
            pool.run(1) { _, worker in
                do {
                    _ = try pool.parallel(40, on: worker) { item, _ in
                        if item == 17 || item == 19 || item == 33 { throw Failure(index: item) }
                    }
                } catch { seen.value = error as? Failure }
            }
            #expect(seen.value == Failure(index: 17))
        }
    }

    @Test(arguments: 1...4)
    func `a failed batch leaves the pool usable`(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        let sum = Box(0)
        pool.run(1) { _, worker in
            _ = try? pool.parallel(5, on: worker) { item, _ in throw Failure(index: item) }
            sum.value = (try? pool.parallel(5, on: worker) { item, _ in item })?.reduce(0, +) ?? -1
        }
        #expect(sum.value == 10)
    }

    @Test(arguments: 1...4)
    func `a stop starts nothing new and ends batches`(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        let tasks = Tally(20)
        let stopped = Box(0)
        pool.run(20) { task, worker in
            tasks.add(task)
            do {
                _ = try pool.parallel(1_000, on: worker) { item, _ in
                    if item == 3 { pool.stop.request(signal: 15) }
                }
            } catch is Stopped {
                stopped.value += 1
            } catch {}
        }
        let started = tasks.values.reduce(0, +)
        #expect(started >= 1 && started <= workers, "\(tasks.values)")
        #expect(stopped.value >= 1)
        #expect(pool.stop.signal == 15)
    }

    @Test(arguments: 1...4)
    func `a pool that starts no more lets running tasks finish`(workers: Int) {
        let pool = WorkerPool(workerCount: workers)
        let finished = Tally(20)
        pool.run(20) { task, worker in
            pool.startNoMore()
            if (try? pool.parallel(10, on: worker) { item, _ in item })?.count == 10 { finished.add(task) }
        }
        #expect(finished.values.prefix(workers).reduce(0, +) >= 1)
        #expect(finished.values.dropFirst(workers).allSatisfy { $0 == 0 }, "\(finished.values)")
    }

    @Test func `a run of nothing returns, and empty batches are empty`() {
        let pool = WorkerPool(workerCount: 3)
        pool.run(0) { _, _ in Issue.record("a task of none") }
        let count = Box(-1)
        pool.run(1) { _, worker in
            count.value = (try? pool.parallel(0, on: worker) { item, _ in item })?.count ?? -1
        }
        #expect(count.value == 0)
    }

    @Test func `many small batches under contention lose nothing`() {
        let pool = WorkerPool(workerCount: 4)
        let tally = Tally(6)
        pool.run(6) { task, worker in
            var sum = 0
            for round in 0..<300 {
                let values = (try? pool.parallel(1 + round % 7, on: worker) { item, _ in item + 1 }) ?? []
                sum += values.reduce(0, +)
            }
            // Rounds of 1...7 items hold 1, 3, 6, 10, 15, 21, 28: 84 every seven rounds; 300 = 42 * 7 + 6 rounds.
            if sum == 42 * 84 + (1 + 3 + 6 + 10 + 15 + 21) { tally.add(task) }
        }
        #expect(tally.values.allSatisfy { $0 == 1 }, "\(tally.values)")
    }

    @Test func `a worker keeps one scratch and drops the old one before it makes the new`() {
        final class Scratch {
            let key: String
            init(_ key: String) { self.key = key }
        }
        let worker = Worker(index: 0)
        var made: [String] = []
        weak var first: Scratch?
        func scratch(_ key: String) -> String {
            worker.scratch(for: key) { () -> Scratch in
                if key == "b" { #expect(first == nil, "the old scratch is still held") }
                made.append(key)
                let scratch = Scratch(key)
                if key == "a" { first = scratch }
                return scratch
            }.key
        }
        #expect(scratch("a") == "a")
        #expect(scratch("a") == "a")
        #expect(scratch("b") == "b")
        #expect(scratch("a") == "a")
        #expect(made == ["a", "b", "a"])
    }
}
