/// x * scale + shift, a plane with one of each.
func scalePlane(
    _ source: UnsafeRawPointer, by scale: Lane, plus shift: Lane, into target: UnsafeMutableRawPointer, pixels: Int
) {
    for pixel in 0..<pixels { target.setLane(pixel, to: shift.addingProduct(source.lane(pixel), scale)) }
}

/// x * scale, written or added.
func scalePlane(
    _ source: UnsafeRawPointer, by scale: Lane, into target: UnsafeMutableRawPointer, pixels: Int, adds: Bool
) {
    for pixel in 0..<pixels { target.put(source.lane(pixel) * scale, at: pixel, adds: adds) }
}

/// The sum of two runs of lanes.
func addLanes(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into target: UnsafeMutableRawPointer, count: Int) {
    for index in 0..<count { target.setLane(index, to: a.lane(index) + b.lane(index)) }
}

/// The product of two runs of lanes, written or added.
func multiplyLanes(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into target: UnsafeMutableRawPointer, count: Int, adds: Bool
) {
    for index in 0..<count { target.put(a.lane(index) * b.lane(index), at: index, adds: adds) }
}

/// Copies lanes, or adds them to what is there.
func passLanes(_ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, count: Int, adds: Bool) {
    if adds {
        for index in 0..<count { target.setLane(index, to: target.lane(index) + source.lane(index)) }
    } else {
        target.copyMemory(from: source, byteCount: count &* laneBytes)
    }
}

/// Sets lanes to one value, or adds it to each.
func fillLanes(_ target: UnsafeMutableRawPointer, with value: Lane, count: Int, adds: Bool) {
    for index in 0..<count { target.put(value, at: index, adds: adds) }
}
