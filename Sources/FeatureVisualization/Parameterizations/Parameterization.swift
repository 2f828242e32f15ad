/// What is optimised in place of an image. Caches name it by its raw value.
public enum Parameterization: String, Sendable, CaseIterable, Codable {
    /// The pixels themselves.
    case pixels
    /// Pixels of decorrelated colours.
    case decorrelatedPixels
    /// A spectrum of decorrelated colours.
    case fourier
    /// A spectrum of the colours as they are.
    case plainColorFourier
    /// A spectrum of decorrelated colours whose frequencies are as strong as those of photographs.
    case naturalFourier
    /// The same for the colours as they are.
    case plainColorNaturalFourier
    /// The phases of a spectrum whose amplitudes are those of photographs.
    case phases
}

extension Parameterization {
    /// Those in which every image has a point, so that paths can lead through them.
    static let invertible = allCases.filter { $0 != .phases }

    /// The parameterisation for images of one size. This is the only place that distinguishes the kinds.
    /// - Parameter isGrey: whether all images are grey; their points have the same form.
    func images(height: Int, width: Int, isGrey: Bool = false) -> any ImageParameterization {
        if isGrey { return GreyImages(colored: images(height: height, width: width)) }
        return switch self {
        case .pixels: Pixels(height: height, width: width)
        case .decorrelatedPixels: DecorrelatedPixels(height: height, width: width)
        case .fourier: FourierSpectrum(height: height, width: width, decorrelatesColors: true)
        case .plainColorFourier: FourierSpectrum(height: height, width: width, decorrelatesColors: false)
        case .naturalFourier:
            FourierSpectrum(height: height, width: width, decorrelatesColors: true, scale: .natural)
        case .plainColorNaturalFourier:
            FourierSpectrum(height: height, width: width, decorrelatesColors: false, scale: .natural)
        case .phases: PhaseSpectrum(height: height, width: width)
        }
    }

    /// Numbers of another parameterisation that stand for the same image in this one, where that is exact.
    func numbers(_ numbers: [Float], from other: Parameterization, height: Int, width: Int) -> [Float]? {
        if other == self { return numbers }
        guard let own = images(height: height, width: width) as? FourierSpectrum,
            let source = other.images(height: height, width: width) as? FourierSpectrum
        else { return nil }
        return own.numbers(numbers, from: source)
    }

    /// How many numbers an image has.
    public func count(height: Int, width: Int) -> Int { images(height: height, width: width).count }
}
