/// The results of a run's stages: from the cache, or made, and then put there.
struct StageResults: Sendable {
    /// Nil keeps none.
    let cache: StageCache?
    let stop: StopSignal
    /// How often an unfinished stage is kept.
    let checkpointInterval: Duration

    /// The result of a stage.
    func result<Result>(
        _ key: StageKey, decode: (StageRecord) throws -> Result, encode: (Result) throws -> StageRecord,
        make: (Checkpoint) throws -> Result
    ) throws -> Result {
        if let result = cache?.load(key, .result, decode: decode) {
            // Of a process that was killed between the two.
            cache?.remove(key, .checkpoint)
            return result
        }
        let result = try make(Checkpoint(cache, key, stop: stop, interval: checkpointInterval))
        cache?.save(key, .result) { try encode(result) }
        cache?.remove(key, .checkpoint)
        return result
    }
}
