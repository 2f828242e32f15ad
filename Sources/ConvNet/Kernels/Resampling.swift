/// A row of pixels from anywhere in another, or of the border's where a column is -1.
func gatherPixels(
    _ source: UnsafeRawPointer, _ columns: Span<Int32>, into target: UnsafeMutableRawPointer, border: Lane
) {
    for x in columns.indices {
        let column = Int(columns[x])
        target.setLane(x, to: column < 0 ? border : source.lane(column))
    }
}

/// The way back of `gatherPixels`: adds each pixel to where it came from.
func scatterPixels(_ gradient: UnsafeRawPointer, _ columns: Span<Int32>, into target: UnsafeMutableRawPointer) {
    for x in columns.indices {
        let column = Int(columns[x])
        if column >= 0 { target.setLane(column, to: target.lane(column) + gradient.lane(x)) }
    }
}

/// Numbers from anywhere; zero where there is no place.
func gatherNumbers(_ source: UnsafeRawPointer, _ places: Span<UInt32>, into target: UnsafeMutableRawPointer) {
    let (from, to) = (source.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self))
    for index in places.indices {
        let place = places[index]
        to[index] = place == .max ? 0 : from[Int(place)]
    }
}

/// The way back of `gatherNumbers`.
func scatterNumbers(_ gradient: UnsafeRawPointer, _ places: Span<UInt32>, into target: UnsafeMutableRawPointer) {
    let (from, to) = (gradient.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self))
    for index in places.indices {
        let place = places[index]
        if place != .max { to[Int(place)] += from[index] }
    }
}
