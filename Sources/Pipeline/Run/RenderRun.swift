import Disk
import Foundation
import JobManifest
import Networks
import Records

/// Renders many reels; if one fails, the others go on. Several processes may render into one output folder: each reel
/// is locked while it is rendered, and a reel that another process has locked is put off until nothing else is left.
public struct RenderRun: Sendable {
    public let reels: [Reel]
    let folder: RunFolder
    let pool: WorkerPool
    let policy: RunPolicy
    let work: Work
    let logs: RunLogs
    let identity: ProcessIdentity
    let liveness: Liveness

    /// What is done for a reel. Separate from the run, so that the run can be tested without a network.
    struct Work: Sendable {
        /// Renders the reel of an index and returns its film's path.
        var render: @Sendable (Int, Worker) throws -> String
        /// Whether the reel's film is there and as it should be.
        var isUpToDate: @Sendable (Reel) -> Bool
        /// Told when the last reel of a network is done.
        var release: @Sendable (NetworkReference) -> Void = { _ in }
        /// The label of the class that a reel is of.
        var label: @Sendable (Reel) -> String? = { _ in nil }
    }

    /// - Parameter logs: the logs of these reels, which must be the context's progress, so that they receive every
    ///   event.
    public init(reels: [Reel], context: RenderContext, logs: RunLogs, policy: RunPolicy = RunPolicy()) {
        let pictures = PictureDigests()
        self.init(
            reels: reels, output: context.outputFolder, pool: context.pool, logs: logs, policy: policy,
            work: Work(
                render: { index, worker in
                    let task = try ReelTask(reel: reels[index], index: index, context: context)
                    return try ReelRenderer(task: task).render(on: worker)
                },
                isUpToDate: { reel in
                    ReelStatus.of(
                        reel, in: context.outputFolder, networks: context.networks, pictures: pictures,
                        photographs: context.photographs)
                        == .upToDate
                },
                release: { context.networks.release($0) }, label: { context.networks.label(of: $0) }))
    }

    init(
        reels: [Reel], output: String, pool: WorkerPool, logs: RunLogs, policy: RunPolicy, work: Work,
        identity: ProcessIdentity = .current, liveness: Liveness? = nil
    ) {
        self.reels = reels
        folder = RunFolder(output: output)
        self.pool = pool
        self.policy = policy
        self.work = work
        self.logs = logs
        self.identity = identity
        self.liveness = liveness ?? Liveness(folder)
    }

    /// Renders all reels as workers become free, and returns what became of each, in order. The reels are also begun in
    /// order, unless time may run out (`order`).
    public func render() -> RunResult {
        let started = Date()
        let clock = MonotonicClock.system
        let begin = clock.now()
        let state = RunState(
            results: reels.map {
                ReelResult(
                    reel: $0.folder, outcome: .notStarted(reason: "the run was stopped"), label: work.label($0),
                    network: $0.network.file == NetworkReference.standard.file ? nil : $0.network.fileName)
            },
            gate: policy.deadline.map(StartGate.init), records: reels.map { FileSignature(record(of: $0)) },
            networks: reels.map(\.network))
        // If it cannot be written, no film can be written either, and the error of the film says more.
        let presence = try? Presence(in: folder, as: identity)
        folder.sweep(as: identity, liveness)
        run(order(state), state)
        renderWhatWasPutOff(state)
        withExtendedLifetime(presence) {}
        return RunResult(
            reels: judged(state.results), started: started, seconds: clock.now() - begin, workers: pool.startedWorkers,
            stop: pool.stop.cause, halt: state.halt, firstFailed: state.firstFailed)
    }

    /// Results of films that are there, with what the films say of themselves.
    private func judged(_ results: [ReelResult]) -> [ReelResult] {
        let there = results.indices.filter { results[$0].outcome.film != nil }
        var results = results
        let judgements = FilmJudgement.all(of: there.map { results[$0].reel }, in: folder.output)
        for (index, judgement) in zip(there, judgements) {
            (results[index].flag, results[index].grade) = (judgement.flag, judgement.grade)
        }
        return results
    }

    /// The order in which reels are begun: network by network, so that no more than one or two are held at a time.
    private func order(_ state: RunState) -> [Int] {
        let order = orderByAge(state)
        var places: [NetworkReference: Int] = [:]
        for index in order where places[reels[index].network] == nil { places[reels[index].network] = places.count }
        guard places.count > 1 else { return order }
        return places.sorted { $0.value < $1.value }.flatMap { network, _ in
            order.filter { reels[$0].network == network }
        }
    }

    /// A run whose time may run out begins with the films that are missing, and
    /// goes on with the oldest ones. If it began with the first reel every night, and each change of the engine makes
    /// all films stale, it would never reach the last ones.
    private func orderByAge(_ state: RunState) -> [Int] {
        let all = Array(reels.indices)
        guard policy.deadline != nil else { return all }
        func age(_ index: Int) -> (Int, Int, Int) {
            let record = state.records[index]
            return (record?.seconds ?? .min, record?.nanoseconds ?? 0, index)
        }
        return all.sorted { age($0) < age($1) }
    }

    /// Renders the reels that other processes held when it was their turn. No worker waits for a lock, since it may be
    /// needed elsewhere.
    private func renderWhatWasPutOff(_ state: RunState) {
        var said = 0
        while !pool.stop.isRequested, state.halt == nil {
            let waiting = state.takePutOff()
            if waiting.isEmpty { return }
            let free = waiting.filter {
                FileLock.isFree(folder.lock(ofReel: reels[$0].folder))
                    && ReelClaim.isFree(folder.claim(ofReel: reels[$0].folder), liveness)
            }
            waiting.filter { !free.contains($0) }.forEach(state.putOff)
            if free.isEmpty {
                if said != waiting.count { logs.report(.waiting(reels: waiting.count)) }
                said = waiting.count
                pool.stop.pause(policy.lockInterval)
            } else {
                run(free, state)
            }
        }
    }

    private func run(_ indices: [Int], _ state: RunState) {
        pool.run(
            indices.count,
            whenShort: { workers, reason in
                guard state.isFirstShortage() else { return }
                logs.report(.warned(message: "\(workers) of \(pool.workerCount) workers: \(reason)"))
            },
            task: { place, worker in
                guard process(indices[place], on: worker, state) else { return }
                if let network = state.finish(reels[indices[place]].network) { work.release(network) }
            })
    }

    /// One reel, from its lock to its outcome. False if it was put off.
    private func process(_ index: Int, on worker: Worker, _ state: RunState) -> Bool {
        let reel = reels[index]
        // In most nights this holds for most reels: not even the lock is needed.
        if skips(index, state) { return true }
        if let gate = state.gate, !gate.admits(layer: Self.layer(reel)) {
            state.set(index, .notStarted(reason: RunResult.outOfTime))
            return true
        }
        do {
            guard let lock = try FileLock.take(folder.lock(ofReel: reel.folder)),
                let claim = try ReelClaim.take(folder.claim(ofReel: reel.folder), for: identity, liveness)
            else {
                state.set(index, .notStarted(reason: "another process was still rendering it"))
                state.putOff(index)
                return false
            }
            // It may have been finished between the first look and the lock.
            if skips(index, state) { return true }
            render(index, on: worker, state)
            withExtendedLifetime((lock, claim)) {}
        } catch {
            logs.start(index)
            end(index, failing: error, state)
        }
        return true
    }

    /// The layer with its network: its reels take about the same time.
    private static func layer(_ reel: Reel) -> String { "\(reel.network.file)\n\(reel.layer)" }

    /// Whether nothing has to be done for a reel; if so, this also sets its outcome.
    private func skips(_ index: Int, _ state: RunState) -> Bool {
        let reel = reels[index]
        let isNew = FileSignature(record(of: reel)) != state.records[index]
        guard isNew || !policy.isForced, work.isUpToDate(reel) else { return false }
        // A writer may have been killed after its film was complete, but before it removed its unfinished files.
        ReelFolder.sweep("\(folder.output)/\(reel.folder)", liveness)
        let film = "\(folder.output)/\(reel.folder)/film.mp4"
        state.set(index, isNew ? .finishedElsewhere(film: film) : .upToDate(film: film))
        logs.report(.upToDate(reel: index))
        return true
    }

    private func render(_ index: Int, on worker: Worker, _ state: RunState) {
        logs.start(index)
        logs.report(.started(reel: index))
        do {
            let film = try logs.metering(index) { try attempts(at: index, on: worker) }
            logs.report(.finished(reel: index))
            let result = logs.finish(index)
            state.set(index, .finished(film: film), result)
            state.gate?.record(layer: Self.layer(reels[index]), seconds: result.seconds)
        } catch is Stopped {
            logs.report(.stopped(reel: index))
            state.set(index, .stopped, logs.finish(index))
        } catch {
            end(index, failing: error, state)
        }
    }

    private func attempts(at index: Int, on worker: Worker) throws -> String {
        for delay in policy.retryDelays {
            do {
                return try work.render(index, worker)
            } catch  where SystemFailure.isTransient(error) {
                logs.report(
                    .warned(message: "\(reels[index].folder): \(error); trying again in \(delay) s"))
                pool.stop.pause(delay)
                try pool.stop.check()
            }
        }
        return try work.render(index, worker)
    }

    private func end(_ index: Int, failing error: any Error, _ state: RunState) {
        let message = String(describing: error)
        logs.report(.failed(reel: index, message: message))
        state.set(index, .failed(message: message), logs.finish(index))
        if let fault = SystemFailure.outputFault(error) {
            halt("stopped: \(fault)", state)
        } else if !policy.keepsGoing {
            halt("stopped: \(reels[index].folder) failed", state)
        }
    }

    /// Starts no further reel.
    private func halt(_ reason: String, _ state: RunState) {
        state.halt(reason)
        pool.startNoMore()
    }

    private func record(of reel: Reel) -> String { "\(folder.output)/\(reel.folder)/\(FilmRecord.fileName)" }
}
