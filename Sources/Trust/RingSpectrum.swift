import Foundation

/// The amplitudes of an image's frequencies, in rings half an octave wide (own, after Fel et al., "Unlocking Feature
/// Visualization for Deeper Networks with MAgnitude Constrained Optimization", 2023).
public struct RingSpectrum: Sendable {
    /// One entry a ring, from the lowest frequencies: the logarithm of the mean amplitude, and the mean frequency in
    /// cycles per pixel.
    public let rings: [(frequency: Double, logarithm: Double)]

    /// Frequencies up to this one count, in cycles per pixel: above it what a photograph has depends on how it was scaled.
    private static let highest = 0.36

    /// - Parameter pixels: `[height][width][3]`, on any scale: only the shape of the spectrum counts.
    /// - Returns: nil for an image in which a ring is empty.
    public init?(pixels: [Float], height: Int, width: Int) {
        precondition(pixels.count == height * width * 3, "an image has three channels")
        var luminance = (0..<height * width).map { place -> Double in
            let channels = pixels[3 * place..<3 * place + 3]
            return channels.reduce(0) { $0 + Double($1) } / 3
        }
        let mean = luminance.reduce(0, +) / Double(max(luminance.count, 1))
        for index in luminance.indices { luminance[index] -= mean }
        var sums = [(amplitude: Double, frequency: Double, count: Double)](
            repeating: (0, 0, 0), count: Self.ringCount(height: height, width: width))
        Self.eachFrequency(of: luminance, height: height, width: width) { row, column, amplitude, occurrences in
            guard let ring = Self.ring(row: row, column: column, height: height, width: width), ring < sums.count else {
                return
            }
            let (fy, fx) = (Double(row) / Double(height), Double(column) / Double(width))
            sums[ring].amplitude += amplitude * occurrences
            sums[ring].frequency += (fx * fx + fy * fy).squareRoot() * occurrences
            sums[ring].count += occurrences
        }
        guard !sums.isEmpty, sums.allSatisfy({ $0.amplitude > 0 && $0.amplitude.isFinite }) else { return nil }
        rings = sums.map { ($0.frequency / $0.count, log($0.amplitude / $0.count)) }
    }

    /// S: how far the amplitudes depart from a reference, as the standard deviation over the rings of the logarithm of
    /// their ratio. An image of less contrast is as near as one of more.
    /// - Parameter reference: the amplitude at a frequency in cycles per pixel.
    public func distance(from reference: (Double) -> Double) -> Double {
        let ratios = rings.map { $0.logarithm - log(reference($0.frequency)) }
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        return (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count)).squareRoot()
    }

    /// Rings begin at two cycles per shorter side, each begins at sqrt(2) times the frequency of the one before, and those
    /// count that end at or below the highest frequency.
    private static func ringCount(height: Int, width: Int) -> Int {
        let lowest = 2 / Double(min(height, width))
        return (1...64).first { lowest * pow(2, Double($0) / 2) > highest }.map { $0 - 1 } ?? 0
    }

    /// The ring of a frequency in cycles per height and width; nil below the first. Many frequencies lie on the edges of
    /// rings, so that it is decided in whole numbers.
    static func ring(row: Int, column: Int, height: Int, width: Int) -> Int? {
        let longer = max(height, width)
        // (f / lowest)^2 as a fraction.
        let square = (column * height) * (column * height) + (row * width) * (row * width)
        let unit = 4 * longer * longer
        return square < unit ? nil : (square / unit).bitWidth - 1 - (square / unit).leadingZeroBitCount
    }

    /// Frequencies of a plane (cycles per height and width, without their sign) and their amplitudes, without those that
    /// are too high. Where a column frequency has a mirror, it counts for both.
    private static func eachFrequency(
        of plane: [Double], height: Int, width: Int, _ body: (Int, Int, Double, Double) -> Void
    ) {
        // Only a few frequencies are wanted of each row and column, so that plain sums are quick enough.
        let columns = (0...width / 2).filter { Double($0) / Double(width) <= highest }
        let rows = (0..<height).filter { Double(min($0, height - $0)) / Double(height) <= highest }
        let (rowTurns, columnTurns) = (turns(width), turns(height))
        var half = [Double](repeating: 0, count: height * columns.count * 2)
        for y in 0..<height {
            for (place, frequency) in columns.enumerated() {
                var (real, imaginary, turn) = (0.0, 0.0, 0)
                for x in 0..<width {
                    real += plane[y * width + x] * rowTurns.cosines[turn]
                    imaginary -= plane[y * width + x] * rowTurns.sines[turn]
                    turn += frequency
                    if turn >= width { turn -= width }
                }
                half[2 * (place * height + y)] = real
                half[2 * (place * height + y) + 1] = imaginary
            }
        }
        for (place, columnFrequency) in columns.enumerated() {
            let occurrences = columnFrequency == 0 || 2 * columnFrequency == width ? 1.0 : 2.0
            for rowFrequency in rows {
                var (real, imaginary, turn) = (0.0, 0.0, 0)
                for y in 0..<height {
                    let (a, b) = (half[2 * (place * height + y)], half[2 * (place * height + y) + 1])
                    let (c, s) = (columnTurns.cosines[turn], columnTurns.sines[turn])
                    real += a * c + b * s
                    imaginary += b * c - a * s
                    turn += rowFrequency
                    if turn >= height { turn -= height }
                }
                body(
                    min(rowFrequency, height - rowFrequency), columnFrequency,
                    (real * real + imaginary * imaginary).squareRoot(), occurrences)
            }
        }
    }

    private static func turns(_ count: Int) -> (cosines: [Double], sines: [Double]) {
        let angles = (0..<count).map { 2 * Double.pi * Double($0) / Double(count) }
        return (angles.map { cos($0) }, angles.map { sin($0) })
    }
}
