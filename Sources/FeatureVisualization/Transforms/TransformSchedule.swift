/// The random transforms of transformation robustness (thesis section 3.4.5, appendix .1).
public struct TransformSchedule: Sendable, Equatable, Codable {
    /// Pixels of reflected border added before and cut off after.
    public var pad: Int
    /// Largest shift of the first jitter, in pixels: the image moves by -jitter...jitter in each direction. (The appendix
    /// could also mean half as much; measured activations of transformed facets agree with this.)
    public var jitter: Int
    /// Scale factors, one of which is drawn.
    public var scales: [Double]
    /// Angles in degrees, one of which is drawn; repeated ones are likelier.
    public var angles: [Double]
    /// Largest shift of the second jitter.
    public var finalJitter: Int
    /// The shortest side of the square part of the image that the network is shown, as a part of the whole, 0.05...1;
    /// nil: it is always shown all of it. What follows acts on the part, enlarged to the whole.
    public var views: Schedule?

    public init(
        pad: Int, jitter: Int, scales: [Double], angles: [Double], finalJitter: Int, views: Schedule? = nil
    ) {
        self.pad = pad
        self.jitter = jitter
        self.scales = scales
        self.angles = angles
        self.finalJitter = finalJitter
        self.views = views
    }

    /// The thesis' own schedule; its transforms are smaller than those of the others.
    public static let thesis = TransformSchedule(
        pad: 9, jitter: 6, scales: [0.975, 0.99, 1.01, 1.025, 1, 1, 1, 1], angles: angles(to: 3), finalJitter: 3)
    /// Olah, Mordvintsev and Schubert, "Feature Visualization" (Distill, 2017).
    public static let distill = TransformSchedule(
        pad: 16, jitter: 16, scales: [1, 0.975, 1.025, 0.95, 1.05], angles: angles(to: 5), finalJitter: 8)
    /// The default of lucid 0.3.9.
    public static let lucid = TransformSchedule(
        pad: 12, jitter: 8, scales: (0...10).map { Double(90 + 2 * $0) / 100 }, angles: angles(to: 10), finalJitter: 4)

    /// Narrowing views (METHODS "Second edition"): at first the network is shown parts of any size from about a third of
    /// the image on, at the end little less than all of it, so that things grow at every size before the whole is
    /// composed; then lucid's transforms.
    public static let narrowing: TransformSchedule = {
        var schedule = lucid
        schedule.views = .linear(from: 0.35, to: 0.9)
        return schedule
    }()

    /// Whole degrees from -limit to limit, and five more zeros.
    private static func angles(to limit: Int) -> [Double] {
        (-limit...limit).map(Double.init) + [Double](repeating: 0, count: 5)
    }

    /// Draws one transform.
    /// - Parameters:
    ///   - step: counts from 0; only views depend on it.
    ///   - count: the steps of the whole run.
    public func draw(_ random: inout CounterRandom, step: Int = 0, of count: Int = 1) -> Transform {
        func shift(_ jitter: Int) -> Int { jitter > 0 ? random.integer(below: 2 * jitter + 1) - jitter : 0 }
        let (x, y) = (shift(jitter), shift(jitter))
        let scale = scales.isEmpty ? 1 : scales[random.integer(below: scales.count)]
        let angle = angles.isEmpty ? 0 : angles[random.integer(below: angles.count)]
        let (x2, y2) = (shift(finalJitter), shift(finalJitter))
        let part = views.map { views in
            let least = min(max(views.value(step: step, of: count), Self.leastView), 1)
            let side = least + (1 - least) * Double(random.uniform())
            return Transform.Part(side: side, x: Double(random.uniform()), y: Double(random.uniform()))
        }
        return Transform(shiftX: x + x2, shiftY: y + y2, scale: scale, angle: angle, part: part ?? Transform.Part())
    }

    private static let leastView = 0.05
}

/// One shift, scale and rotation about the image's centre.
public struct Transform: Sendable, Equatable {
    /// Pixels by which the picture's content moves to the left (up).
    var shiftX = 0
    var shiftY = 0
    /// Above 1 the content grows.
    var scale = 1.0
    /// Degrees.
    var angle = 0.0
    /// The part of the image that is shown, enlarged to the whole before anything else.
    var part = Part()

    /// A square part of an image.
    struct Part: Sendable, Equatable {
        /// Its side as a part of the whole, above 0.
        var side = 1.0
        /// How far it lies to the right and below, 0...1 of what is possible.
        var x = 0.5
        var y = 0.5
    }
}
