/// Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015):
/// a tile of 4 x 4 outputs of a 3 x 3 convolution from 36 products instead of 144.
///
/// Outputs and kernel are polynomials whose product is found from its values at six points, 0, ±2/3, ±3/2 and infinity.
/// Of all pairs ±p, ±q tried these leave the least rounding errors: 8e-7 of the outputs' deviation, 6e-6 at most, where
/// the usual ±1, ±2 leave 1.8e-6 and 2.3e-5, and a plain sum 1.6e-7. That 2/3 times 3/2 is one saves two products.
enum Winograd {
    /// Outputs along a tile's side.
    static let outputs = 4
    /// Inputs along a tile's side, and points.
    static let points = 6
    /// Products of a tile.
    static let products = 36

    fileprivate static let (p, q): (Float, Float) = (2 / 3, 3 / 2)

    /// The values of a row of three weights at the points, over the product of their differences.
    static func transformed(_ weights: InlineArray<3, Double>) -> InlineArray<6, Double> {
        let (p, q) = (2.0 / 3, 3.0 / 2)
        let (p2, q2) = (p * p, q * q)
        let (even, near, far) = (weights[0], 2 * p2 * (p2 - q2), 2 * q2 * (q2 - p2))
        return [
            even,
            (even + p * weights[1] + p2 * weights[2]) / near, (even - p * weights[1] + p2 * weights[2]) / near,
            (even + q * weights[1] + q2 * weights[2]) / far, (even - q * weights[1] + q2 * weights[2]) / far,
            weights[2],
        ]
    }
}

/// Six inputs of a row or column of a tile, at the points.
@inline(__always)
private func inputsAtPoints(_ d: InlineArray<6, Lane>) -> InlineArray<6, Lane> {
    let (p, q) = (Winograd.p, Winograd.q)
    let (p2, q2) = (Lane(repeating: 0 - p * p), Lane(repeating: 0 - q * q))
    let both = Lane(repeating: 0 - p * p - q * q)
    let (nearOdd, nearEven) = (d[3].addingProduct(d[1], q2), d[4].addingProduct(d[2], q2))
    let (farOdd, farEven) = (d[3].addingProduct(d[1], p2), d[4].addingProduct(d[2], p2))
    return [
        (d[0] + d[4]).addingProduct(d[2], both),
        nearEven.addingProduct(nearOdd, Lane(repeating: p)), nearEven.addingProduct(nearOdd, Lane(repeating: 0 - p)),
        farEven.addingProduct(farOdd, Lane(repeating: q)), farEven.addingProduct(farOdd, Lane(repeating: 0 - q)),
        (d[1] + d[5]).addingProduct(d[3], both),
    ]
}

/// Four outputs of a row or column of a tile, from its products.
@inline(__always)
private func outputsOfProducts(_ m: InlineArray<6, Lane>) -> InlineArray<4, Lane> {
    let (p, q) = (Winograd.p, Winograd.q)
    let (nearEven, nearOdd) = (m[1] + m[2], m[1] - m[2])
    let (farEven, farOdd) = (m[3] + m[4], m[3] - m[4])
    return [
        m[0] + nearEven + farEven,
        (nearOdd * p).addingProduct(farOdd, Lane(repeating: q)),
        (nearEven * (p * p)).addingProduct(farEven, Lane(repeating: q * q)),
        m[5].addingProduct(nearOdd, Lane(repeating: p * p * p)).addingProduct(farOdd, Lane(repeating: q * q * q)),
    ]
}

/// Writes a tile's 6 x 6 inputs at the points.
/// - Parameters:
///   - source: the tile's first lane; its rows are `rowBytes` apart.
///   - target: of each point's place a lane, `planeBytes` apart.
///   - work: 36 lanes.
@inline(never)
func transformInputs(
    _ source: UnsafeRawPointer, rowBytes: Int, into target: UnsafeMutableRawPointer, planeBytes: Int,
    work: UnsafeMutableRawPointer
) {
    for column in 0..<6 {
        let from = source + column &* laneBytes
        let lanes: InlineArray<6, Lane> = [
            from.lane(0), (from + rowBytes).lane(0), (from + 2 &* rowBytes).lane(0), (from + 3 &* rowBytes).lane(0),
            (from + 4 &* rowBytes).lane(0), (from + 5 &* rowBytes).lane(0),
        ]
        let values = inputsAtPoints(lanes)
        for row in 0..<6 { work.setLane(row &* 6 &+ column, to: values[row]) }
    }
    var place = target
    for row in 0..<6 {
        let from = work + row &* 6 &* laneBytes
        let lanes: InlineArray<6, Lane> = [
            from.lane(0), from.lane(1), from.lane(2), from.lane(3), from.lane(4), from.lane(5),
        ]
        let values = inputsAtPoints(lanes)
        for column in 0..<6 {
            place.setLane(0, to: values[column])
            place += planeBytes
        }
    }
}

/// Writes the outputs of a tile's products, of which those beyond a map's border are left out.
/// - Parameters:
///   - products: of each point's place a lane, `planeBytes` apart.
///   - target: the tile's first output; rows are `rowBytes` apart.
///   - adds: whether to add to what is there.
///   - work: 24 lanes.
@inline(never)
func transformProducts(
    _ products: UnsafeRawPointer, planeBytes: Int, bias: Lane, into target: UnsafeMutableRawPointer, rowBytes: Int,
    rows: Int, columns: Int, adds: Bool, work: UnsafeMutableRawPointer
) {
    var plane = products
    for column in 0..<6 {
        var from = plane
        var lanes = InlineArray<6, Lane>(repeating: Lane.zero)
        for row in 0..<6 {
            lanes[row] = from.lane(0)
            from += 6 &* planeBytes
        }
        let values = outputsOfProducts(lanes)
        for row in 0..<4 { work.setLane(row &* 6 &+ column, to: values[row]) }
        plane += planeBytes
    }
    for row in 0..<rows {
        let from = work + row &* 6 &* laneBytes
        let lanes: InlineArray<6, Lane> = [
            from.lane(0), from.lane(1), from.lane(2), from.lane(3), from.lane(4), from.lane(5),
        ]
        let values = outputsOfProducts(lanes)
        let to = target + row &* rowBytes
        if columns == 4, !adds {
            for column in 0..<4 { to.setLane(column, to: values[column] + bias) }
        } else {
            for column in 0..<columns { to.put(values[column] + bias, at: column, adds: adds) }
        }
    }
}
