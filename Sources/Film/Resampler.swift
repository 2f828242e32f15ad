/// Scales pictures with the Catmull-Rom cubic, widened when it makes them smaller; the same bytes every time.
struct Resampler: Sendable {
    /// For one output pixel: the first source pixel, and one weight for each source pixel from there on.
    private struct Taps: Sendable {
        let first: Int
        let weights: [Float]
    }

    let width: Int
    let height: Int
    private let columns: [Taps]
    private let rows: [Taps]
    /// Of the source, those that the rows are made of.
    private let sourceRows: Range<Int>

    /// - Parameters:
    ///   - kept: the columns and rows of the target that are wanted; nil: all. Nothing is computed, or held in memory, for
    ///     the others.
    init(
        from source: (width: Int, height: Int), to target: (width: Int, height: Int),
        keeping kept: (columns: Range<Int>, rows: Range<Int>)? = nil
    ) {
        let kept = kept ?? (0..<target.width, 0..<target.height)
        (width, height) = (kept.columns.count, kept.rows.count)
        columns = Resampler.taps(from: source.width, to: target.width, kept.columns)
        rows = Resampler.taps(from: source.height, to: target.height, kept.rows)
        sourceRows =
            (rows.map(\.first).min() ?? 0)..<(rows.map { $0.first + $0.weights.count }.max() ?? 0)
    }

    func scale(_ bitmap: Bitmap) -> Bitmap {
        let sourceRow = bitmap.width * 3
        var wide = [Float](repeating: 0, count: sourceRows.count * width * 3)
        var result = [UInt8](repeating: 0, count: width * height * 3)
        bitmap.pixels.withUnsafeBufferPointer { source in
            wide.withUnsafeMutableBufferPointer { wide in
                for y in sourceRows {
                    for (x, taps) in columns.enumerated() {
                        var sum = SIMD4<Float>.zero
                        var place = y * sourceRow + taps.first * 3
                        for weight in taps.weights {
                            sum +=
                                weight
                                * SIMD4(Float(source[place]), Float(source[place + 1]), Float(source[place + 2]), 0)
                            place += 3
                        }
                        let target = ((y - sourceRows.lowerBound) * width + x) * 3
                        for channel in 0..<3 { wide[target + channel] = sum[channel] }
                    }
                }
            }
        }
        let row = width * 3
        var line = [Float](repeating: 0, count: row)
        for (y, taps) in rows.enumerated() {
            for index in 0..<row { line[index] = 0 }
            for (offset, weight) in taps.weights.enumerated() {
                let start = (taps.first - sourceRows.lowerBound + offset) * row
                for index in 0..<row { line[index] += weight * wide[start + index] }
            }
            for index in 0..<row { result[y * row + index] = UInt8(min(max(line[index] + 0.5, 0), 255)) }
        }
        return Bitmap(width: width, height: height, pixels: result)
    }

    private static func taps(from source: Int, to target: Int, _ kept: Range<Int>) -> [Taps] {
        let ratio = Double(source) / Double(target)
        let reach = max(1, ratio)
        return kept.map { index in
            let center = (Double(index) + 0.5) * ratio - 0.5
            let first = Int((center - 2 * reach).rounded(.up))
            let last = Int((center + 2 * reach).rounded(.down))
            // Pixels outside count as the pixel at the edge.
            let low = min(max(first, 0), source - 1)
            var weights = [Double](repeating: 0, count: min(max(last, 0), source - 1) - low + 1)
            for place in first...last {
                weights[min(max(place, 0), source - 1) - low] += catmullRom((Double(place) - center) / reach)
            }
            let total = weights.reduce(0, +)
            return Taps(first: low, weights: weights.map { Float($0 / total) })
        }
    }

    private static func catmullRom(_ x: Double) -> Double {
        let x = abs(x)
        if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
    }
}

extension Bitmap {
    /// The picture as most networks were tested on theirs: scaled until size / 0.875 fits into it, and the middle of the
    /// size cut out of that (torchvision's and timm's usual evaluation).
    public func classified(width targetWidth: Int, height targetHeight: Int) -> Bitmap {
        precondition(min(width, height, targetWidth, targetHeight) > 0, "pictures have pixels")
        let (wide, high) = (Int(Double(targetWidth) / 0.875), Int(Double(targetHeight) / 0.875))
        let scale = max(Double(wide) / Double(width), Double(high) / Double(height))
        let size = (
            width: max(wide, Int((Double(width) * scale).rounded())),
            height: max(high, Int((Double(height) * scale).rounded()))
        )
        let (left, top) = ((size.width - targetWidth) / 2, (size.height - targetHeight) / 2)
        let middle = (columns: left..<left + targetWidth, rows: top..<top + targetHeight)
        return Resampler(from: (width, height), to: size, keeping: middle).scale(self)
    }

    /// A part of the picture.
    public func part(left: Int, top: Int, width partWidth: Int, height partHeight: Int) -> Bitmap {
        var part: [UInt8] = []
        part.reserveCapacity(partWidth * partHeight * 3)
        for y in top..<top + partHeight {
            part += pixels[(y * width + left) * 3..<(y * width + left + partWidth) * 3]
        }
        return Bitmap(width: partWidth, height: partHeight, pixels: part)
    }

    /// The place in this picture of a part of what `classified` makes of it, in its pixels; cut off where it is larger.
    public func place(
        ofClassified part: (left: Double, top: Double, width: Double, height: Double), width targetWidth: Int,
        height targetHeight: Int
    ) -> (left: Int, top: Int, width: Int, height: Int) {
        let (wide, high) = (Double(targetWidth) / 0.875, Double(targetHeight) / 0.875)
        let scale = max(wide / Double(width), high / Double(height))
        let offset = (
            x: (Double(width) * scale - Double(targetWidth)) / 2, y: (Double(height) * scale - Double(targetHeight)) / 2
        )
        func range(_ start: Double, _ length: Double, _ limit: Int) -> (start: Int, length: Int) {
            let first = min(max(Int((start / scale).rounded()), 0), limit - 1)
            return (first, min(max(Int((length / scale).rounded()), 1), limit - first))
        }
        let (x, y) = (
            range(part.left + offset.x, part.width, width), range(part.top + offset.y, part.height, height)
        )
        return (x.start, y.start, x.length, y.length)
    }

    /// The whole picture in another size.
    public func scaled(width targetWidth: Int, height targetHeight: Int) -> Bitmap {
        precondition(min(width, height, targetWidth, targetHeight) > 0, "pictures have pixels")
        if targetWidth == width, targetHeight == height { return self }
        return Resampler(from: (width, height), to: (targetWidth, targetHeight)).scale(self)
    }

    /// The middle part of the picture that has the proportions of another size, scaled to that size without distortion.
    public func filling(width targetWidth: Int, height targetHeight: Int) -> Bitmap {
        precondition(min(width, height, targetWidth, targetHeight) > 0, "pictures have pixels")
        // The largest part of the picture with the target's proportions.
        let partWidth = max(1, min(width, height * targetWidth / targetHeight))
        let partHeight = max(1, min(height, width * targetHeight / targetWidth))
        let (left, top) = ((width - partWidth) / 2, (height - partHeight) / 2)
        let middle = part(left: left, top: top, width: partWidth, height: partHeight)
        if partWidth == targetWidth, partHeight == targetHeight { return middle }
        return Resampler(from: (partWidth, partHeight), to: (targetWidth, targetHeight)).scale(middle)
    }
}
