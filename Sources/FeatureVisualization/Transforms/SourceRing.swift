/// Where the few rows of a warp's source that are in use lie in memory. The memory is used again and again: row r lies
/// at place r modulo `count`.
struct SourceRing {
    /// The greatest number of rows in use at a time.
    let count: Int
    /// The row in the first place of the ring, a multiple of `count`. Rows from `turn + count` on begin at that place
    /// again.
    let turn: Int

    /// - Parameter first: the first row in use.
    init(count: Int, first: Int) {
        self.count = count
        turn = first / count * count
    }
}
