import Foundation

/// What JPEG makes of a picture: colours to YCbCr with halved chroma, blocks of 8 x 8 as cosine sums, each coefficient
/// rounded to its quantum, and back (ITU-T T.81, JFIF 1.02; quanta of annex K scaled as libjpeg does it).
///
/// The entropy coding between, which loses nothing, is left out: there is no file, only the loss.
public enum JPEGLoss {
    /// - Parameter quality: libjpeg's, 1...100.
    public static func applied(to picture: Bitmap, quality: Int) -> Bitmap {
        let (width, height) = (picture.width, picture.height)
        guard width > 0, height > 0 else { return picture }
        var planes = (0..<3).map { Plane(component: $0, of: picture) }
        for index in 1..<3 { planes[index] = planes[index].halved() }
        for index in 0..<3 { planes[index].quantize(quanta(isChroma: index > 0, quality: quality)) }
        var result = picture
        for y in 0..<height {
            for x in 0..<width {
                let luma = planes[0].values[y * planes[0].width + x]
                let place = y / 2 * planes[1].width + x / 2
                let (blue, red) = (planes[1].values[place], planes[2].values[place])
                let color = (luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue)
                let target = 3 * (y * width + x)
                result.pixels[target] = byte(color.0)
                result.pixels[target + 1] = byte(color.1)
                result.pixels[target + 2] = byte(color.2)
            }
        }
        return result
    }

    private static func byte(_ value: Float) -> UInt8 { UInt8(min(max((value + 128).rounded(), 0), 255)) }

    /// Annex K.1's table of luma or chroma, `[vertical frequency][horizontal frequency]`, for a quality.
    static func quanta(isChroma: Bool, quality: Int) -> [Float] {
        let scale = quality < 50 ? 5000 / max(quality, 1) : 200 - 2 * min(quality, 100)
        return (isChroma ? chromaTable : lumaTable).map { Float(min(max(($0 * scale + 50) / 100, 1), 255)) }
    }

    private static let lumaTable = [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
        51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121,
        120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ]
    private static let chromaTable = [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ]
}

/// One component of a picture about zero, its sides filled up to multiples of 16 by its last row and column.
private struct Plane {
    let width: Int
    let height: Int
    var values: [Float]
}

extension Plane {
    /// 0: luma, 1: blueness, 2: redness.
    init(component: Int, of picture: Bitmap) {
        let weights: [SIMD3<Float>] = [
            SIMD3(0.299, 0.587, 0.114), SIMD3(-0.168736, -0.331264, 0.5), SIMD3(0.5, -0.418688, -0.081312),
        ]
        let weight = weights[component]
        let offset: Float = component == 0 ? -128 : 0
        let (width, height) = ((picture.width + 15) / 16 * 16, (picture.height + 15) / 16 * 16)
        var values = [Float](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                let place = 3 * (min(y, picture.height - 1) * picture.width + min(x, picture.width - 1))
                let color = SIMD3(
                    Float(picture.pixels[place]), Float(picture.pixels[place + 1]), Float(picture.pixels[place + 2]))
                // Encoders hold components in 8 bit.
                values[y * width + x] = ((weight * color).sum() + offset).rounded()
            }
        }
        self.init(width: width, height: height, values: values)
    }

    /// Means of 2 x 2.
    func halved() -> Plane {
        let half = width / 2
        var result = [Float](repeating: 0, count: values.count / 4)
        for y in 0..<height / 2 {
            for x in 0..<half {
                let place = 2 * y * width + 2 * x
                let sum = values[place] + values[place + 1] + values[place + width] + values[place + width + 1]
                result[y * half + x] = (sum / 4).rounded()
            }
        }
        return Plane(width: half, height: height / 2, values: result)
    }

    /// Rounds the coefficients of every block to multiples of `quanta`.
    mutating func quantize(_ quanta: [Float]) {
        var block = [Float](repeating: 0, count: 64)
        for top in stride(from: 0, to: height, by: 8) {
            for left in stride(from: 0, to: width, by: 8) {
                for index in 0..<64 { block[index] = values[(top + index / 8) * width + left + index % 8] }
                Cosines.forward(&block)
                for index in 0..<64 { block[index] = (block[index] / quanta[index]).rounded() * quanta[index] }
                Cosines.inverse(&block)
                for index in 0..<64 { values[(top + index / 8) * width + left + index % 8] = block[index] }
            }
        }
    }
}

/// The orthonormal cosine transform of 8 x 8 values (T.81 A.3.3), row by row and column by column.
private enum Cosines {
    /// `[frequency][place]`
    private static let matrix: [Float] = (0..<64).map { index in
        let (frequency, place) = (Double(index / 8), Double(index % 8))
        let scale = frequency == 0 ? 0.125.squareRoot() : 0.5
        return Float(scale * cos((2 * place + 1) * frequency * .pi / 16))
    }

    private static let transposedMatrix: [Float] = (0..<64).map { matrix[$0 % 8 * 8 + $0 / 8] }

    static func forward(_ block: inout [Float]) {
        transform(&block, by: matrix)
        transform(&block, by: matrix)
    }

    static func inverse(_ block: inout [Float]) {
        transform(&block, by: transposedMatrix)
        transform(&block, by: transposedMatrix)
    }

    /// Multiplies every row by the matrix and transposes the result. Done twice, this transforms rows and columns.
    private static func transform(_ block: inout [Float], by matrix: [Float]) {
        var result = InlineArray<64, Float>(repeating: 0)
        for row in 0..<8 {
            for column in 0..<8 {
                var sum: Float = 0
                for place in 0..<8 { sum += block[row * 8 + place] * matrix[column * 8 + place] }
                result[column * 8 + row] = sum
            }
        }
        for index in 0..<64 { block[index] = result[index] }
    }
}
