import Foundation

/// Where the pixels of one target row lie in the source image, with columns added at its end to fill the last vector.
struct SamplingPlaces {
    /// How many vectors the columns fill.
    let vectorCount: Int
    /// The upper left, `row * width + column`, of the four source pixels around each place.
    let corners: UnsafeMutablePointer<UInt32>
    /// How far each place lies to the right of the left two pixels and below the upper two, 0...1.
    let rightward: UnsafeMutablePointer<Float>
    let downward: UnsafeMutablePointer<Float>
    private let memory: (Buffer<UInt32>, Buffer<Float>)

    init(width: Int) {
        vectorCount = (width + vectorWidth - 1) / vectorWidth
        let count = vectorCount * vectorWidth
        memory = (Buffer(count: count), Buffer(count: 2 * count))
        corners = memory.0.base
        rightward = memory.1.base
        downward = rightward + count
    }
}

/// Maps a target pixel to its place in the source image, reflected at the image's edges.
struct SamplingMap {
    /// The coordinates along a target row. Rotation and scale are undone: slopes are cosine and sine divided by the
    /// scale.
    private let x: SamplingAxis
    private let y: SamplingAxis
    private let centerX: Float
    private let centerY: Float
    private let shiftX: Float
    private let shiftY: Float
    private let width: Int

    init(_ transform: Transform, height: Int, width: Int) {
        let angle = transform.angle * .pi / 180
        // cos(0) and sin(0) are exact, and then so is everything that follows from them.
        let (part, scale) = (transform.part, transform.scale / transform.part.side)
        x = SamplingAxis(slope: Float(cos(angle) / scale), limit: Float(width - 1))
        y = SamplingAxis(slope: Float(sin(angle) / scale), limit: Float(height - 1))
        (centerX, centerY) = (x.limit / 2, y.limit / 2)
        // The centre of the part, less that of the whole.
        let (rightward, downward) = (
            (1 - part.side) * (part.x - 0.5) * Double(width - 1), (1 - part.side) * (part.y - 0.5) * Double(height - 1)
        )
        shiftX = Float(part.side * Double(transform.shiftX) + rightward)
        shiftY = Float(part.side * Double(transform.shiftY) + downward)
        self.width = width
    }

    /// The source rows in which the pixels around the places of a target row may lie.
    func sourceRows(of row: Int) -> ClosedRange<Int> {
        let middle = center(of: row).y
        let reach = abs(y.slope) * centerX
        let range = y.reflected((middle - reach)...(middle + reach))
        let last = Int(y.limit)
        return min(Int(range.lowerBound), last - 1)...min(Int(range.upperBound) + 1, last)
    }

    /// Finds the places of a target row.
    /// - Parameter ring: where the rows of the source lie; for a whole image, a ring of all its rows.
    func locate(_ row: Int, in ring: SourceRing, into places: SamplingPlaces) {
        let center = center(of: row)
        let (inX, inY) = (x.columnsInside(from: center.x), y.columnsInside(from: center.y))
        let columns = (max(inX.lowerBound, inY.lowerBound) + centerX, min(inX.upperBound, inY.upperBound) + centerX)
        // A vector is inside if its first and its last column are.
        let vectors = Float(places.vectorCount)
        let begin = min(max((columns.0 / Float(vectorWidth)).rounded(.up), 0), vectors)
        let end = min(max(((columns.1 + 1) / Float(vectorWidth)).rounded(.down), begin), vectors)
        locate(0..<Int(begin), of: row, areInside: false, ring, places)
        locate(Int(begin)..<Int(end), of: row, areInside: true, ring, places)
        locate(Int(end)..<places.vectorCount, of: row, areInside: false, ring, places)
    }

    /// Where the centre of a target row lies, not reflected.
    private func center(of row: Int) -> (x: Float, y: Float) {
        let v = Float(row) - centerY
        return (x: centerX + shiftX - y.slope * v, y: centerY + shiftY + x.slope * v)
    }

    /// Finds the places of some vectors of columns. Most of them lie inside, where nothing is reflected. Films of this
    /// engine revision were measured with these very bits: keep the order of sums and products, and fuse none but those
    /// of the corners.
    @inline(__always) private func locate(
        _ vectors: Range<Int>, of row: Int, areInside: Bool, _ ring: SourceRing, _ places: SamplingPlaces
    ) {
        let v = Float(row) - centerY
        let (startX, startY) = (Vector(repeating: y.slope * v), Vector(repeating: x.slope * v))
        let (offsetX, offsetY) = (Vector(repeating: centerX + shiftX), Vector(repeating: centerY + shiftY))
        let (slopeX, slopeY) = (Vector(repeating: x.slope), Vector(repeating: y.slope))
        let rowLength = Vector(repeating: Float(width))
        // A whole number in 0..<2^23 as an integer: after 2^23 is added, it stands in the low bits.
        let here = Vector(repeating: 0x1p23 - Float(ring.turn * width))
        let behind = Vector(repeating: 0x1p23 - Float((ring.turn + ring.count) * width))
        let end = Vector(repeating: Float(ring.turn + ring.count))
        var index = vectors.lowerBound &* vectorWidth
        var u = Self.lanes + (Float(index) - centerX)
        while index < vectors.upperBound &* vectorWidth {
            var placeX = (slopeX * u - startX) + offsetX
            var placeY = (slopeY * u + startY) + offsetY
            if !areInside { (placeX, placeY) = (x.reflected(placeX), y.reflected(placeY)) }
            let left = areInside ? x.pixel(before: placeX) : x.innerPixel(before: placeX)
            let top = areInside ? y.pixel(before: placeY) : y.innerPixel(before: placeY)
            let corner = left.addingProduct(top, rowLength)
            store(corner + here.replacing(with: behind, where: top .>= end), to: places.corners + index)
            places.rightward.setVector(at: index, to: placeX - left)
            places.downward.setVector(at: index, to: placeY - top)
            u += Vector(repeating: Float(vectorWidth))
            index &+= vectorWidth
        }
    }

    /// Stores the integers of whole numbers to which 2^23 has been added.
    @inline(__always) private func store(_ numbers: Vector, to target: UnsafeMutablePointer<UInt32>) {
        let bits = unsafeBitCast(numbers, to: SIMD16<UInt32>.self) & SIMD16(repeating: 0x7f_ffff)
        UnsafeMutableRawPointer(target).storeBytes(of: bits, as: SIMD16<UInt32>.self)
    }

    private static var lanes: Vector { Vector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }
}
