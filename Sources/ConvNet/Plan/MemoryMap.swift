/// When a piece of memory is in use: from one moment of an evaluation to another, both included.
///
/// An evaluation of n steps has moments 0...n-1 on its way forward, n for the target's value and the gradients that the
/// way back begins with, and 2 n - i for step i on its way back.
struct Timeline {
    let stepCount: Int

    func forward(_ step: Int) -> Int { step }
    var target: Int { stepCount }
    func backward(_ step: Int) -> Int { 2 * stepCount - step }
}

/// A piece of memory that a plan needs for some time.
struct MemoryRequest {
    let count: Int
    let first: Int
    let last: Int
}

/// Lays pieces of memory out so that those in use at the same time never overlap, in as little memory as a greedy search
/// finds: the largest pieces first, each at the lowest place that is free as long as it is needed.
struct MemoryMap {
    /// Where each request lies, in floats; multiples of 16.
    private(set) var places: [Int]
    /// Floats in all.
    private(set) var count = 0

    init(_ requests: [MemoryRequest]) {
        places = [Int](repeating: 0, count: requests.count)
        let order = requests.indices.sorted {
            requests[$0].count != requests[$1].count ? requests[$0].count > requests[$1].count : $0 < $1
        }
        // Sorted by their places.
        var placed: [Int] = []
        for index in order {
            let request = requests[index]
            let size = (request.count + laneWidth - 1) / laneWidth * laneWidth
            var place = 0
            for other in placed {
                let taken = requests[other]
                guard taken.first <= request.last, request.first <= taken.last else { continue }
                if place + size <= places[other] { break }
                place = max(place, places[other] + (taken.count + laneWidth - 1) / laneWidth * laneWidth)
            }
            places[index] = place
            count = max(count, place + size)
            let rank = placed.firstIndex { places[$0] > place } ?? placed.count
            placed.insert(index, at: rank)
        }
    }
}
