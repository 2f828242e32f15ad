/// Gaussian blur of the image between the steps (thesis 3.4).
public struct GaussianBlurSettings: Sendable, Equatable, Codable {
    /// Side length of the kernel in pixels, odd, 1...31.
    public var kernel: Int
    /// Standard deviation in pixels, above 0.
    public var sigma: ScheduleSettings
    /// The blur is applied after the first step and then after every `every`-th one.
    public var every: Int

    /// Thesis, appendix .2: sigma falls from 1.5 to 0.5.
    public static let thesis = GaussianBlurSettings(
        kernel: 7, sigma: .sigmoid(from: 1.5, to: 0.5, steepness: 8), every: 1)
}

/// Bilateral filter of the image between the steps (thesis 3.4).
public struct BilateralFilterSettings: Sendable, Equatable, Codable {
    /// Side length of the kernel in pixels, odd, 1...31.
    public var kernel: Int
    /// Standard deviation over colours, in the units of an image in -1...1, above 0.
    public var sigmaColor: Double
    /// Standard deviation over distances, in pixels, above 0.
    public var sigmaSpace: Double
    /// The filter is applied after the first step and then after every `every`-th one.
    public var every: Int

    /// Thesis 3.4: "blurring the image every second step produced the best results".
    public static let thesis = BilateralFilterSettings(kernel: 7, sigmaColor: 0.8, sigmaSpace: 1, every: 2)
}

extension GaussianBlurSettings: ManifestObject {
    static let definitionName = "gaussianBlur"

    static let table = FieldTable<GaussianBlurSettings>(
        noun: "a Gaussian blur", summary: "Blurs the image between the steps.",
        fields: [
            Field("kernel", \.kernel, .integer(1...31, onlyOdd: true), "Side length of the kernel in pixels, odd."),
            Field(
                "sigma", \.sigma, ScheduleSettings.standardDeviation,
                "Standard deviation in pixels, constant or a schedule."),
            Field(
                "every", \.every, .integer(1...100_000),
                "1 blurs after every step, 2 after the first, the third and so on."),
        ])

    init(preset: Preset) {
        self = .thesis
    }
}

extension BilateralFilterSettings: ManifestObject {
    static let definitionName = "bilateralFilter"

    static let table = FieldTable<BilateralFilterSettings>(
        noun: "a bilateral filter", summary: "Smooths the image between the steps, but not across edges.",
        fields: [
            Field("kernel", \.kernel, .integer(1...31, onlyOdd: true), "Side length of the kernel in pixels, odd."),
            Field(
                "sigmaColor", \.sigmaColor, .number(0...100, isAboveMinimum: true),
                "Standard deviation over colours; an image lies in -1...1."),
            Field(
                "sigmaSpace", \.sigmaSpace, .number(0...100, isAboveMinimum: true),
                "Standard deviation over distances, in pixels."),
            Field(
                "every", \.every, .integer(1...100_000),
                "1 filters after every step, 2 after the first, the third and so on."),
        ])

    init(preset: Preset) {
        self = .thesis
    }
}
