import ConvNet
import Foundation

/// An image of which only the phases are free: the amplitude of every frequency is that of photographs (MACO, Fel et al.,
/// "Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization", 2023). Another way to a
/// unit's picture than a free spectrum: where both lead to the same thing, neither has been led astray.
///
/// Numbers are laid out as `FourierImage` says. Each pair of real and imaginary part is a direction, whose length does not
/// count; the mean colour is mid grey.
struct PhaseSpectrum: ImageParameterization {
    let height: Int
    let width: Int

    private var spectrum: FourierSpectrum {
        FourierSpectrum(height: height, width: width, decorrelatesColors: true, scale: .natural)
    }

    var count: Int { spectrum.count }
    var meanPlaces: [Int] { spectrum.meanPlaces }

    /// N(0, 1): all phases are as likely.
    func start(_ random: inout CounterRandom) -> [Float] { (0..<count).map { _ in random.normal() } }

    func makeCodec() -> any ImageCodec { PhaseCodec(self, spectrum.makeCodec()) }

    func makeMix() -> any ImageMix { spectrum.makeMix() }
}

/// Owns its scratch: one per worker.
private final class PhaseCodec: ImageCodec {
    private let codec: any ImageCodec
    /// Real or imaginary parts of all colours.
    private let half: Int
    /// Places of constants, real and imaginary.
    private let means: [Int]
    private var points: [Float]
    /// Of each pair, where it was decoded last.
    private var lengths: [Float]

    /// Amplitude of each number of the natural spectrum, so that an image has the contrast of photographs: the standard
    /// deviation of its channels is .4 to .5 of the range -1...1.
    private static let amplitude: Float = 1.5

    init(_ image: PhaseSpectrum, _ codec: any ImageCodec) {
        self.codec = codec
        half = image.count / 2
        means = image.meanPlaces
        points = [Float](repeating: 0, count: image.count)
        lengths = [Float](repeating: 1, count: image.count / 2)
    }

    func decode(_ numbers: [Float], into image: inout Image) {
        for place in 0..<half {
            let (real, imaginary) = (numbers[place], numbers[half + place])
            let length = (real * real + imaginary * imaginary).squareRoot()
            // A pair without direction has a phase of 0.
            lengths[place] = length > 1e-20 ? length : 0
            points[place] = length > 1e-20 ? Self.amplitude * real / length : Self.amplitude
            points[half + place] = length > 1e-20 ? Self.amplitude * imaginary / length : 0
        }
        for place in means { points[place] = 0 }
        codec.decode(points, into: &image)
    }

    /// Only what turns a pair moves the image: the part of the gradient along it counts for nothing.
    func pullBack(_ gradient: inout Image, at image: Image, into result: inout [Float]) {
        codec.pullBack(&gradient, at: image, into: &result)
        for place in means { result[place] = 0 }
        let square = Self.amplitude * Self.amplitude
        for place in 0..<half {
            guard lengths[place] > 0 else {
                (result[place], result[half + place]) = (0, 0)
                continue
            }
            let (real, imaginary) = (points[place], points[half + place])
            let along = (result[place] * real + result[half + place] * imaginary) / square
            let scale = Self.amplitude / lengths[place]
            result[place] = scale * (result[place] - along * real)
            result[half + place] = scale * (result[half + place] - along * imaginary)
        }
    }

    func encode(_ image: Image) -> [Float] { codec.encode(image) }
}
