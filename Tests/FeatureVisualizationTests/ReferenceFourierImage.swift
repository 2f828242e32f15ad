import Foundation

/// The Fourier image of METHODS, by its definition and in double precision: what `FourierImage` is measured against.
struct ReferenceFourierImage {
    let height: Int
    let width: Int
    var halfWidth: Int { width / 2 + 1 }

    /// C, divided by its largest column norm.
    static let colors = [[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]].map { $0.map { $0 / 0.461952 } }

    /// t = irfft2(s z) / 4, `[colour][y][x]`; z is `[real, imaginary][colour][row frequency][column frequency]`.
    func planes(_ z: [Double]) -> [[Double]] {
        (0..<3).map { color in
            // Along the columns: all row frequencies of one column frequency.
            var columns = [[(Double, Double)]](repeating: [], count: halfWidth)
            for fx in 0..<halfWidth {
                columns[fx] = (0..<height).map { y in
                    var (real, imaginary) = (0.0, 0.0)
                    for fy in 0..<height {
                        let place = (color * height + fy) * halfWidth + fx
                        let (a, b) = (z[place] * scale(fy, fx), z[place + 3 * height * halfWidth] * scale(fy, fx))
                        let (c, s) = root(fy * y, height)
                        real += a * c - b * s
                        imaginary += a * s + b * c
                    }
                    return (real, imaginary)
                }
            }
            // Along the rows: the inner column frequencies stand for their mirrors too.
            return (0..<height).flatMap { y in
                (0..<width).map { x in
                    var sum = 0.0
                    for fx in 0..<halfWidth {
                        let (c, s) = root(fx * x, width)
                        let (a, b) = columns[fx][y]
                        sum += fx == 0 || 2 * fx == width ? a * c : 2 * (a * c - b * s)
                    }
                    return sum / Double(4 * height * width)
                }
            }
        }
    }

    /// C t, `[height, width, channel]`.
    func logits(_ z: [Double]) -> [Double] {
        let planes = planes(z)
        return (0..<height * width).flatMap { pixel in
            Self.colors.map { row in row[0] * planes[0][pixel] + row[1] * planes[1][pixel] + row[2] * planes[2][pixel] }
        }
    }

    /// 2 sigmoid(C t) - 1
    func image(_ z: [Double]) -> [Double] { logits(z).map { 2 / (1 + exp(-$0)) - 1 } }

    private func scale(_ fy: Int, _ fx: Int) -> Double {
        let (y, x) = (Double(fy <= (height - 1) / 2 ? fy : fy - height) / Double(height), Double(fx) / Double(width))
        return Double(height * width).squareRoot() / max((y * y + x * x).squareRoot(), 1 / Double(max(height, width)))
    }

    private func root(_ numerator: Int, _ denominator: Int) -> (Double, Double) {
        let angle = 2 * Double.pi * Double(numerator % denominator) / Double(denominator)
        return (cos(angle), sin(angle))
    }
}
