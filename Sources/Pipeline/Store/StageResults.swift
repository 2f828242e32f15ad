/// The results of a run's stages: read from the cache, or made and then kept there.
struct StageResults: Sendable {
    /// Nil keeps none.
    let cache: StageCache?
    let stop: StopSignal
    /// The time between two checkpoints of an unfinished stage.
    let checkpointInterval: Duration

    /// The result of a stage.
    func result<Result>(
        _ key: StageKey, decode: (StageRecord) throws -> Result, encode: (Result) throws -> StageRecord,
        make: (Checkpoint) throws -> Result
    ) throws -> Result {
        if let result = cache?.load(key, .result, decode: decode) {
            // Left by a process that was killed after it had kept the result.
            cache?.remove(key, .checkpoint)
            return result
        }
        let result = try make(Checkpoint(cache, key, stop: stop, interval: checkpointInterval))
        cache?.save(key, .result) { try encode(result) }
        cache?.remove(key, .checkpoint)
        return result
    }
}
