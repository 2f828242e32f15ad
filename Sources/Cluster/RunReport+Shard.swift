import Disk
import Pipeline
import Records

extension RunReport {
    /// Writes the report of a shard beside those of its batch's other processes; `BatchReport` merges them.
    ///
    /// - Throws: naming the file.
    public func write(to output: String, batch: String, shard: Shard) throws {
        var report = self
        report.shard = shard.description
        report.batch = batch
        let folder = RunFolder(output: output)
        let name = "\(shard.index)-of-\(shard.count)~\(ProcessIdentity.current.name).json"
        try folder.replace("\(folder.batch(batch))/\(name)", by: try report.json())
    }
}
