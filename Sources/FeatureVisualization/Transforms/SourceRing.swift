/// Where the rows of a warp's source lie in memory for a few neighbouring ones, used again and again: row r at r modulo
/// `count`.
struct SourceRing {
    /// Rows at hand at most.
    let count: Int
    /// The row in the ring's first place, a multiple of `count`; rows from `turn + count` on lie a turn before.
    let turn: Int

    /// - Parameter first: the first row at hand.
    init(count: Int, first: Int) {
        self.count = count
        turn = first / count * count
    }
}
