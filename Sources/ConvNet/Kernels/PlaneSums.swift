/// Sum over many lanes: right to a float's last digits, however many there are.
func planeSum(_ lanes: UnsafeRawPointer, count: Int) -> Lane { chunkedSum(count) { lanes.lane($0) } }

/// The sum of `count` parts.
///
/// Sums of 512 are made in four chains, since one would wait for each addition, and added up with what rounding takes:
/// else a mean far from zero would lose the digits that its deviation needs.
@inline(__always) func chunkedSum(_ count: Int, _ part: (Int) -> Lane) -> Lane {
    var total = Lane.zero
    var lost = Lane.zero
    var start = 0
    while start < count {
        let end = min(start &+ 512, count)
        var sums = InlineArray<4, Lane>(repeating: Lane.zero)
        var index = start
        while index &+ 4 <= end {
            for chain in 0..<4 { sums[chain] += part(index &+ chain) }
            index &+= 4
        }
        while index < end {
            sums[0] += part(index)
            index &+= 1
        }
        let chunk = (sums[0] + sums[1]) + (sums[2] + sums[3])
        // Knuth's two-sum.
        let sum = total + chunk
        let added = sum - total
        lost += (total - (sum - added)) + (chunk - added)
        total = sum
        start = end
    }
    return total + lost
}
