import ConvNet
import Disk
import Foundation
import Networks
import Pipeline
import Records
import Synchronization

/// One pass over a folder of pictures: what every unit of some layers makes of each of them, kept in the output folder's
/// cache under the digest of everything that it depends on.
public struct ExampleCollection: Sendable {
    /// The folder of pictures.
    public var folder: String
    public var network: NetworkReference
    /// In the network's order, each once.
    public var layers: [Layer]
    public var library: NetworkLibrary
    public var output: String
    public var workers = 1
    public var stop = StopSignal()
    public var checkpointInterval = Duration.seconds(15)
    /// Takes a line of text, from any thread.
    public var warn: @Sendable (String) -> Void = { _ in }
    /// Is called for every file, on whatever thread.
    public var report: @Sendable (ExampleProgress) -> Void = { _ in }

    /// So many pictures are shared out at a time: so many may wait for one that takes long.
    private static let round = 512

    public init(
        folder: String, network: NetworkReference = .standard, layers: [Layer], library: NetworkLibrary, output: String
    ) {
        self.folder = folder
        self.network = network
        self.layers = layers
        self.library = library
        self.output = output
    }

    /// A record, and where it lies.
    public struct Outcome: Sendable {
        public let record: ExampleRecord
        public let place: ExampleFolder
        /// Files that this run has looked at; 0 where the record was there.
        public let lookedAt: Int
        /// What that took.
        public let seconds: Double
    }

    /// Makes the record, goes on with one that an earlier run has begun, or finds it finished.
    /// - Throws: `Stopped`; `ExampleError`, `DiskError`, `NetworkError` or `EvaluatorError` where there can be none.
    public func collect() throws -> Outcome {
        let walk = try PictureWalk(folder)
        let result = Guarded<Result<Outcome, any Error>>(.failure(Stopped()))
        let pool = WorkerPool(workerCount: workers, stop: stop)
        pool.run(
            1,
            whenShort: { count, reason in warn("\(count) of \(workers) workers: \(reason)") },
            task: { _, worker in
                let outcome = Result { try self.outcome(walk, pool, worker) }
                result.update { $0 = outcome }
            })
        return try result.value.get()
    }

    private func outcome(_ walk: PictureWalk, _ pool: WorkerPool, _ worker: Worker) throws -> Outcome {
        let cache = RunFolder(output: output).cache
        let list = try PictureList(
            walk, digests: ExampleFolder.all(cache: cache), pool: pool, worker: worker, warn: warn
        ) { report(.listed($0, of: walk.files.count)) }
        guard !list.pictures.isEmpty else { throw nothing(list.faults) }
        let description = try library.description(of: network)
        let key = try ExampleKey(
            description, network: try library.digest(of: network), layers: layers, pictures: list.digest
        ).digest()
        let place = ExampleFolder(cache: cache, key: key)
        if let record = finished(place, list) { return Outcome(record: record, place: place, lookedAt: 0, seconds: 0) }
        try Folder.make(place.path)
        guard let lock = try FileLock.take(place.lock) else { throw ExamplesAreBeingMade(place: place.path) }
        return try withExtendedLifetime(lock) {
            // Another process may have finished it meanwhile.
            if let record = finished(place, list) {
                return Outcome(record: record, place: place, lookedAt: 0, seconds: 0)
            }
            sweep(place)
            let start = MonotonicClock.system.now()
            let (record, lookedAt) = try make(list, description, place, pool, worker)
            return Outcome(
                record: record, place: place, lookedAt: lookedAt, seconds: MonotonicClock.system.now() - start)
        }
    }

    /// The record, unless files of the list could not be read when it was made, and may be readable now.
    private func finished(_ place: ExampleFolder, _ list: PictureList) -> ExampleRecord? {
        guard let record = place.finished() else { return nil }
        // Those are part of the key.
        let faults = Set(list.faults.lazy.map(\.path))
        return record.skipped.contains { $0.isTransient && !faults.contains($0.path) } ? nil : record
    }

    private func sweep(_ place: ExampleFolder) {
        // Nobody else writes here as long as the lock is held.
        for name in (try? Folder.entries(of: place.path)) ?? [] where TemporaryName.isTemporary(name) {
            TemporaryName.sweep("\(place.path)/\(name)") { true }
        }
    }

    private func make(
        _ list: PictureList, _ description: NetworkDescription, _ place: ExampleFolder, _ pool: WorkerPool,
        _ worker: Worker
    ) throws -> (record: ExampleRecord, lookedAt: Int) {
        let network = try library.network(network)
        let names = layers.map(\.name)
        let own = try PictureReading(network, layers: names, folder: list.folder)
        let maps = try own.maps()
        let pictures = list.pictures
        let before = Atomic<Int>(0)
        let sink = try ExampleSink(
            place, unitCount: layers.reduce(0) { $0 + $1.unitCount }, listCount: pictures.count,
            interval: checkpointInterval, warn: warn
        ) { [report] state in
            report(.read(state.doneCount, of: pictures.count, before: before.load(ordering: .relaxed)))
        }
        let first = sink.state.doneCount
        before.store(first, ordering: .relaxed)
        do {
            for start in stride(from: first, to: pictures.count, by: Self.round) {
                _ = try pool.parallel(min(Self.round, pictures.count - start), on: worker) { index, worker in
                    let reading = try worker.scratch(for: "examples") {
                        try PictureReading(network, layers: names, folder: list.folder)
                    }
                    try sink.take(try reading.outcome(pictures[start + index]), of: start + index)
                }
            }
        } catch {
            // Whatever stops it: as much as is done is kept, if it can be.
            try? sink.checkpoint()
            throw error
        }
        return (try publish(sink, list, description, maps, place), pictures.count - first)
    }

    private func publish(
        _ sink: ExampleSink, _ list: PictureList, _ description: NetworkDescription, _ maps: [ExampleRecord.Size],
        _ place: ExampleFolder
    ) throws -> ExampleRecord {
        let state = sink.state
        let skips = state.skips.map {
            ExampleRecord.Skipped(
                path: list.pictures[$0.place].path, reason: $0.reason, isTransient: $0.isTransient)
        }
        let skipped = (skips + list.faults).sorted { PictureWalk.precedes($0.path, $1.path) }
        guard !state.sizes.isEmpty else { throw nothing(skipped) }
        let places = Set(state.skips.map(\.place))
        let read = list.pictures.indices.filter { !places.contains($0) }.map { list.pictures[$0] }
        var column = 0
        let examples = zip(layers, maps).map { layer, map in
            defer { column += layer.unitCount }
            return ExampleRecord.Layer(
                name: layer.name, firstColumn: column, map: map,
                units: state.tally.units(column..<column + layer.unitCount, map: map))
        }
        let record = ExampleRecord(
            key: place.key, engineRevision: Network.engineRevision,
            network: ExampleRecord.Network(
                name: description.name, digest: try library.digest(of: network)),
            image: ExampleRecord.Size(height: description.height, width: description.width),
            pictures: zip(read, state.sizes).map {
                ExampleRecord.Picture(path: $0.path, digest: $0.digest, size: $1)
            },
            skipped: skipped, layers: examples, activations: try sink.publishTable())
        // It comes last: where it is, all is.
        try WholeFile.write(try record.json(), to: place.record, isOwn: true)
        try WholeFile.remove(place.checkpoint)
        return record
    }

    private func nothing(_ skipped: [ExampleRecord.Skipped]) -> ExampleError {
        guard let first = skipped.first else {
            return ExampleError(
                place: folder, reason: "has no file in it",
                remedy: "name a folder with pictures; hidden files do not count"
            )
        }
        return ExampleError(
            place: folder,
            reason: "has no picture that can be read; of \(skipped.count.grouped) files the first is \(first.path): "
                + first.reason, remedy: "JPEG, PNG, WebP, GIF, TIFF and BMP can")
    }
}

/// Another process makes the same record.
public struct ExamplesAreBeingMade: Error, Equatable, CustomStringConvertible {
    public let place: String

    public var description: String {
        "\(place): another process is looking at the same pictures; wait for it, or run the command again afterwards"
    }
}
