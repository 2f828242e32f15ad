import Foundation
import Synchronization
import Testing

@testable import Threads

@Suite struct ThreadsTests {
    @Test func `results come in order, each computed once`() {
        let calls = Atomic(0)
        let results = concurrently(1000) { index in
            calls.add(1, ordering: .relaxed)
            return index * index
        }
        #expect(results == (0..<1000).map { $0 * $0 })
        #expect(calls.load(ordering: .relaxed) == 1000)
        #expect(concurrently(0) { $0 }.isEmpty)
    }

    @Test func `a thread runs beside its maker and is joined`() throws {
        let value = Atomic(0)
        let thread = try SystemThread { value.store(7, ordering: .releasing) }
        thread.join()
        #expect(value.load(ordering: .acquiring) == 7)
    }

    @Test func `an alarm ends a sleep at once, and all later ones`() throws {
        let alarm = Alarm()
        #expect(alarm.waits(0.01))
        let sleeper = try SystemThread { _ = alarm.waits(3600) }
        alarm.ring()
        alarm.ring()
        sleeper.join()
        #expect(!alarm.waits(3600))
    }
}
