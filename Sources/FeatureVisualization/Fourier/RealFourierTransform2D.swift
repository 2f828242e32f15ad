/// Real two-dimensional transforms of several planes at once, as NumPy's `rfft2` and `irfft2` define them.
///
/// Spectra are `[real, imaginary][plane][row frequency: height][column frequency: width / 2 + 1]`, planes
/// `[plane][y][x]`. Two real rows travel as one complex sequence, sixteen sequences as one vector.
final class RealFourierTransform2D {
    let height: Int
    let width: Int
    let planes: Int
    /// width / 2 + 1
    let halfWidth: Int
    private let rows: FourierTransform
    private let columns: FourierTransform
    private let work: UnsafeMutablePointer<Vector>
    private let scratch: UnsafeMutablePointer<Vector>
    /// The half-transformed spectrum, laid out like a spectrum.
    private var half: [Float]

    init(height: Int, width: Int, planes: Int) {
        self.height = height
        self.width = width
        self.planes = planes
        halfWidth = width / 2 + 1
        rows = FourierTransform(length: width)
        columns = FourierTransform(length: height)
        let longest = 2 * max(height, width)
        work = UnsafeMutablePointer<Vector>.allocate(capacity: longest)
        work.initialize(repeating: .zero, count: longest)
        let scratchCount = max(rows.scratchCount, columns.scratchCount)
        scratch = UnsafeMutablePointer<Vector>.allocate(capacity: scratchCount)
        scratch.initialize(repeating: .zero, count: scratchCount)
        half = [Float](repeating: 0, count: 2 * planes * height * (width / 2 + 1))
    }

    deinit {
        work.deallocate()
        scratch.deallocate()
    }

    /// Floats of a spectrum.
    var spectrumCount: Int { 2 * planes * height * halfWidth }
    /// Floats of the planes.
    var planeCount: Int { planes * height * width }

    /// Spectrum to planes (`irfft2`), times `scale / (height * width)`.
    func inverse(_ spectrum: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, scale: Float = 1) {
        half.withUnsafeMutableBufferPointer { half in
            if let base = half.baseAddress {
                transformColumns(spectrum, base, .inverse)
                inverseRows(base, output, scale / Float(height * width))
            }
        }
    }

    /// Planes to spectrum (`rfft2`).
    func forward(_ planes: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        half.withUnsafeMutableBufferPointer { half in
            if let base = half.baseAddress {
                forwardRows(planes, base)
                transformColumns(base, output, .forward)
            }
        }
    }

    /// Along y: sixteen neighbouring column frequencies of one plane at a time.
    private func transformColumns(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ direction: FourierTransform.Direction) {
        let imaginary = planes * height * halfWidth
        for plane in 0..<planes {
            for first in stride(from: 0, to: halfWidth, by: 16) {
                let count = min(16, halfWidth - first)
                for y in 0..<height {
                    let place = (plane * height + y) * halfWidth + first
                    work[y] = load(input + place, count)
                    work[height + y] = load(input + imaginary + place, count)
                }
                columns.transform(work, scratch: scratch, direction)
                for y in 0..<height {
                    let place = (plane * height + y) * halfWidth + first
                    store(work[y], output + place, count)
                    store(work[height + y], output + imaginary + place, count)
                }
            }
        }
    }

    /// Along x, half spectra to real rows: rows 2k and 2k + 1 as real and imaginary part, sixteen pairs at a time.
    private func inverseRows(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ scale: Float) {
        let imaginary = planes * height * halfWidth
        let rowCount = planes * height
        for pair in stride(from: 0, to: (rowCount + 1) / 2, by: 16) {
            for f in 0..<halfWidth {
                // The imaginary parts of the constant and of the Nyquist column have no meaning in a real row.
                let isReal = f == 0 || 2 * f == width
                var (evenReal, evenImaginary, oddReal, oddImaginary) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
                for lane in 0..<min(16, (rowCount + 1) / 2 - pair) {
                    let even = 2 * (pair + lane)
                    evenReal[lane] = input[even * halfWidth + f]
                    evenImaginary[lane] = isReal ? 0 : input[imaginary + even * halfWidth + f]
                    if even + 1 < rowCount {
                        oddReal[lane] = input[(even + 1) * halfWidth + f]
                        oddImaginary[lane] = isReal ? 0 : input[imaginary + (even + 1) * halfWidth + f]
                    }
                }
                work[f] = evenReal - oddImaginary
                work[width + f] = evenImaginary + oddReal
                if f > 0, 2 * f != width {
                    work[width - f] = evenReal + oddImaginary
                    work[2 * width - f] = oddReal - evenImaginary
                }
            }
            rows.transform(work, scratch: scratch, .inverse)
            for x in 0..<width {
                let (even, odd) = (work[x] * scale, work[width + x] * scale)
                for lane in 0..<min(16, (rowCount + 1) / 2 - pair) {
                    let row = 2 * (pair + lane)
                    output[row * width + x] = even[lane]
                    if row + 1 < rowCount { output[(row + 1) * width + x] = odd[lane] }
                }
            }
        }
    }

    /// Along x, real rows to half spectra.
    private func forwardRows(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let imaginary = planes * height * halfWidth
        let rowCount = planes * height
        for pair in stride(from: 0, to: (rowCount + 1) / 2, by: 16) {
            let lanes = min(16, (rowCount + 1) / 2 - pair)
            for x in 0..<width {
                var (even, odd) = (Vector.zero, Vector.zero)
                for lane in 0..<lanes {
                    let row = 2 * (pair + lane)
                    even[lane] = input[row * width + x]
                    if row + 1 < rowCount { odd[lane] = input[(row + 1) * width + x] }
                }
                work[x] = even
                work[width + x] = odd
            }
            rows.transform(work, scratch: scratch, .forward)
            for f in 0..<halfWidth {
                let mirror = f == 0 ? 0 : width - f
                let (a, b, c, d) = (work[f], work[width + f], work[mirror], work[width + mirror])
                let (evenReal, evenImaginary) = ((a + c) * 0.5, (b - d) * 0.5)
                let (oddReal, oddImaginary) = ((b + d) * 0.5, (c - a) * 0.5)
                for lane in 0..<lanes {
                    let row = 2 * (pair + lane)
                    output[row * halfWidth + f] = evenReal[lane]
                    output[imaginary + row * halfWidth + f] = evenImaginary[lane]
                    if row + 1 < rowCount {
                        output[(row + 1) * halfWidth + f] = oddReal[lane]
                        output[imaginary + (row + 1) * halfWidth + f] = oddImaginary[lane]
                    }
                }
            }
        }
    }

    @inline(__always) private func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> Vector {
        if count == 16 { return UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self) }
        var vector = Vector.zero
        for lane in 0..<count { vector[lane] = pointer[lane] }
        return vector
    }

    @inline(__always) private func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
        if count == 16 {
            UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
        } else {
            for lane in 0..<count { pointer[lane] = vector[lane] }
        }
    }
}
