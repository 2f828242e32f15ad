/// An image as a spectrum, whose numbers are laid out as `FourierImage` says.
struct FourierSpectrum: ImageParameterization {
    let height: Int
    let width: Int
    /// Whether it is a spectrum of decorrelated colours, or of the colours as they are.
    let decorrelatesColors: Bool
    var scale = SpectrumScale.inverse

    /// Real and imaginary parts of three colours' halves of spectra.
    var count: Int { 6 * height * (width / 2 + 1) }

    /// The constants of the three colours, real and imaginary parts (which show nothing).
    var meanPlaces: [Int] { (0..<6).map { $0 * height * (width / 2 + 1) } }

    /// N(0, .01^2)
    func start(_ random: inout CounterRandom) -> [Float] { (0..<count).map { _ in 0.01 * random.normal() } }

    func makeCodec() -> any ImageCodec {
        FourierImage(height: height, width: width, decorrelatesColors: decorrelatesColors, scale: scale)
    }

    func makeMix() -> any ImageMix { RingMix(height: height, width: width) }

    /// The numbers of the same image under another scale: exact, where decoding and encoding would lose what the sigmoid
    /// has cut.
    func numbers(_ numbers: [Float], from other: FourierSpectrum) -> [Float]? {
        guard other.height == height, other.width == width, other.decorrelatesColors == decorrelatesColors else {
            return nil
        }
        let (own, others) = (
            scale.values(height: height, width: width), other.scale.values(height: height, width: width)
        )
        return numbers.indices.map { Float(Double(numbers[$0]) * others[$0 % own.count] / own[$0 % own.count]) }
    }
}
