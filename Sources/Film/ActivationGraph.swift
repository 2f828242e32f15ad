/// The activation along a film: the curve with its axes, the facets' places, and for each frame its point and value.
public struct ActivationGraph: Sendable {
    /// A facet's place in the film.
    public typealias FacetMark = (frame: Int, name: String)

    let title: String
    let subtitle: String
    let quantity: String
    let activations: [Double]
    /// In the order of the film.
    let facets: [FacetMark]
    let lowestFrames: [Int]
    let framesPerSecond: Int

    /// - Parameters:
    ///   - title: what is shown, `block_12_add, unit 33`; shortened where it is too long.
    ///   - subtitle: a smaller line below it; may be empty.
    ///   - quantity: what the activations are, beside their axis.
    ///   - activations: one for each frame, of any size and sign. What is not finite is left out.
    ///   - facets: frames at which a facet itself is seen, and its name; frames beyond the film are left out.
    ///   - lowestFrames: frames at the exact lowest place between two facets, where it is known.
    public init(
        title: String, subtitle: String, quantity: String = "mean activation", activations: [Double],
        facets: [FacetMark], lowestFrames: [Int] = [], framesPerSecond: Int = 30
    ) {
        self.title = title
        self.subtitle = subtitle
        self.quantity = quantity
        self.activations = activations
        self.facets = facets.filter { activations.indices.contains($0.frame) }.sorted { $0.frame < $1.frame }
        self.lowestFrames = lowestFrames.filter { activations.indices.contains($0) }
        self.framesPerSecond = max(1, framesPerSecond)
    }

    /// Colours of the film's page; calm, so that the image is what one looks at.
    enum Palette {
        static let page = Canvas.Color(0x12151A)
        static let text = Canvas.Color(0xECEEF1)
        static let faint = Canvas.Color(0x98A1AE)
        static let grid = Canvas.Color(0x282E37)
        static let zero = Canvas.Color(0x56606D)
        static let curve = Canvas.Color(0x74B4FF)
        static let mark = Canvas.Color(0xF2B84B)
        static let low = Canvas.Color(0xE8697C)
        static let point = Canvas.Color(0xFFFFFF)
    }
}
