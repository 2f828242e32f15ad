import Disk
import Foundation
import Pipeline
import Records

/// Takes what became of pictures from all workers, in whatever order, and writes it in the order of the list.
///
/// Everything that it has written is lost by a kill only as far as it came after the last checkpoint.
final class ExampleSink: @unchecked Sendable {
    // `@unchecked`: every stored variable is read and written with `lock` locked.
    private let lock = NSLock()
    private let folder: ExampleFolder
    private let table: GrowingFile
    private let interval: Duration
    private let report: @Sendable (ExampleState) -> Void
    private var stored: ExampleState
    private var waiting: [Int: PictureOutcome] = [:]
    private var lastCheckpoint = ContinuousClock.now

    /// Goes on with what an earlier run has left.
    ///
    /// - Parameters:
    ///   - interval: between two checkpoints.
    ///   - report: is told how far it is, after each picture.
    /// - Throws: `DiskError`
    init(
        _ folder: ExampleFolder, unitCount: Int, listCount: Int, interval: Duration, warn: (String) -> Void,
        report: @escaping @Sendable (ExampleState) -> Void
    ) throws {
        (self.folder, self.interval, self.report) = (folder, interval, report)
        // Killed between its last two steps: the table has its name, and nothing else is finished.
        let isOrphaned = FileSignature(folder.unfinishedActivations) == nil && FileSignature(folder.checkpoint) != nil
        if isOrphaned, FileSignature(folder.activations) != nil {
            try GrowingFile(folder.activations).publish(as: folder.unfinishedActivations)
        }
        table = try GrowingFile(folder.unfinishedActivations)
        stored = ExampleState(unitCount: unitCount)
        if FileSignature(folder.checkpoint) != nil {
            do {
                let state = try ExampleState(
                    try StageFile.read(folder.checkpoint, key: folder.key), unitCount: unitCount, listCount: listCount)
                if try table.size() >= ActivationTable.size(pictures: state.sizes.count, units: unitCount) {
                    stored = state
                } else {
                    warn("\(folder.unfinishedActivations): is cut off; all pictures are looked at again")
                }
            } catch {
                warn("\(folder.checkpoint): \(error); all pictures are looked at again")
            }
        }
        if stored.sizes.isEmpty {
            try table.truncate(to: 0)
            try table.append(ActivationTable.header(pictures: 0, units: unitCount, key: folder.key))
        }
        try table.truncate(to: ActivationTable.size(pictures: stored.sizes.count, units: unitCount))
    }

    var state: ExampleState { locked { stored } }

    /// Takes what became of a file of the list.
    /// - Throws: `DiskError`
    func take(_ outcome: PictureOutcome, of place: Int) throws {
        try locked {
            waiting[place] = outcome
            while let next = waiting.removeValue(forKey: stored.doneCount) {
                if case .read(_, let summaries) = next { try table.append(ActivationTable.row(summaries.means)) }
                stored.add(next)
                report(stored)
            }
            if ContinuousClock.now - lastCheckpoint > interval { try keep() }
        }
    }

    /// Writes a checkpoint.
    func checkpoint() throws { try locked { try keep() } }

    private func keep() throws {
        try table.synchronize()
        let file = try UnfinishedFile(for: folder.checkpoint, isOwn: true)
        try StageFile.write(try stored.record(), key: folder.key) { try file.append($0) }
        try file.publish()
        lastCheckpoint = ContinuousClock.now
    }

    /// Gives the file of all activations its name, and returns its SHA-256.
    func publishTable() throws -> String {
        try locked {
            try keep()
            let header = ActivationTable.header(
                pictures: stored.sizes.count, units: stored.tally.unitCount, key: folder.key)
            try table.overwriteStart(with: header)
            try table.publish(as: folder.activations)
            return try SHA256.hexDigest(ofFile: folder.activations)
        }
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body()
    }
}
