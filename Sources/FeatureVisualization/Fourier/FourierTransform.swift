import Foundation

/// A complex discrete Fourier transform of sixteen sequences at once, of any length.
///
/// Decimation in frequency, in place, in mixed radix (8, 4, 2, 3, 5, 7 and any other prime). Nothing is shuffled: the
/// result lies in an order of its own (`places`), and its reader looks up the places at no cost. 224 = 8 * 4 * 7.
///
/// Why not a library: three real 224 x 224 inverse transforms on one core with AVX-512, minimum (median) of
/// 300 alternating rounds: FFTW 3.3.10 with FFTW_MEASURE .18 (.19) ms, with FFTW_ESTIMATE .32 (.34), pocketfft (SciPy
/// 1.17) .29 (.31); `FourierImage.decode`, with its gains, colours and sigmoid .14 (.16). Forward: .21 (.23), .34 (.36),
/// .28 (.31), and `pullBack` with its derivatives .14 (.23); these two have since come down to .11 (.12) and .10 (.11).
/// FFTW_MEASURE may besides choose another plan, hence other last bits, in another run; these stages never change.
/// - Complexity: O(n * sum of the radices) for each sequence.
struct FourierTransform {
    let length: Int
    /// Where `transform` leaves each output: output k lies at `places[k]`.
    let places: [Int]
    private let stages: [FourierStage]
    /// The constants of all stages. The stages do not own them, so nothing counts references between two stages.
    private let constants: Buffer<Float>

    init(length: Int) {
        precondition(length > 0, "a transform has a length")
        self.length = length
        var plans: [(radix: Int, count: Int)] = []
        for radix in FourierTransform.radices(of: length) {
            plans.append((radix, plans.last.map { $0.count / $0.radix } ?? length))
        }
        let sizes = plans.map { FourierStage.constantCount(radix: $0.radix, count: $0.count) }
        constants = Buffer(count: sizes.reduce(0, +))
        var memory = constants.base
        var stages: [FourierStage] = []
        for (plan, size) in zip(plans, sizes) {
            stages.append(FourierStage(radix: plan.radix, count: plan.count, memory: memory))
            memory += size
        }
        self.stages = stages
        // A stage of radix r splits n places into r blocks; block q holds the outputs k with k mod r = q.
        var places = [Int](repeating: 0, count: length)
        for output in 0..<length {
            var (rest, block, place) = (output, length, 0)
            for stage in stages {
                block /= stage.radix
                place += rest % stage.radix * block
                rest /= stage.radix
            }
            places[output] = place
        }
        self.places = places
    }

    /// Sums of `data[j] e^(+2 pi i j k / length)` over j (the inverse transform, not divided by the length), in place.
    ///
    /// The forward transform is this one with real and imaginary parts exchanged before and after.
    func transform(_ data: UnsafeMutablePointer<ComplexVector>) {
        withExtendedLifetime(constants) {
            for stage in stages { stage.run(data, length: length) }
        }
    }

    /// Eights as long as possible, but a rest of 16 becomes 4 * 4; then the small primes, then the others, ascending.
    private static func radices(of length: Int) -> [Int] {
        var (radices, rest) = ([Int](), length)
        while rest % 8 == 0, rest != 16 {
            radices.append(8)
            rest /= 8
        }
        for radix in [4, 2, 3, 5, 7] {
            while rest % radix == 0 {
                radices.append(radix)
                rest /= radix
            }
        }
        var prime = 11
        while rest > 1 {
            while rest % prime == 0 {
                radices.append(prime)
                rest /= prime
            }
            prime += 2
        }
        return radices
    }
}
