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

    public init(pad: Int, jitter: Int, scales: [Double], angles: [Double], finalJitter: Int) {
        self.pad = pad
        self.jitter = jitter
        self.scales = scales
        self.angles = angles
        self.finalJitter = finalJitter
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

    /// Whole degrees from -limit to limit, and five more zeros.
    private static func angles(to limit: Int) -> [Double] {
        (-limit...limit).map(Double.init) + [Double](repeating: 0, count: 5)
    }

    /// Draws one transform.
    public func draw(_ random: inout CounterRandom) -> Transform {
        func shift(_ jitter: Int) -> Int { jitter > 0 ? random.integer(below: 2 * jitter + 1) - jitter : 0 }
        let (x, y) = (shift(jitter), shift(jitter))
        let scale = scales.isEmpty ? 1 : scales[random.integer(below: scales.count)]
        let angle = angles.isEmpty ? 0 : angles[random.integer(below: angles.count)]
        let (x2, y2) = (shift(finalJitter), shift(finalJitter))
        return Transform(shiftX: x + x2, shiftY: y + y2, scale: scale, angle: angle)
    }
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
}
