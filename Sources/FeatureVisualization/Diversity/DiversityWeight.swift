/// Beta of one image of a diverse set. It becomes smaller while the activation of the image is below three quarters of
/// what the free image reaches, and grows again when there is room.
///
/// The ratios settle early (block_1_project_BN 1: .64 after 48 steps and after 256). So a weight that follows them from
/// step to step needs no second run. Measured there: bland images of 1.0 and 1.4 become 1.9 and more.
struct DiversityWeight: Sendable, Equatable {
    private static let (low, high) = (0.75, 0.82)
    private static let (fall, rise) = (0.93, 1.03)
    /// Activations of the first steps are noise.
    private static let quietSteps = 16

    /// The beta that was asked for.
    let greatest: Double
    private(set) var value: Double
    /// Exponential average (.9) of the activation under the transforms.
    private(set) var average = 0.0
    private(set) var steps = 0

    init(_ greatest: Double) {
        self.greatest = greatest
        value = greatest
    }

    /// Restores a saved weight.
    /// - Throws: `FacetProgressError` if the weight is impossible.
    mutating func restore(value: Double, average: Double, steps: Int) throws {
        guard 0...greatest ~= value, average.isFinite, steps >= 0 else {
            throw FacetProgressError(description: "a weight \(value) of at most \(greatest) after \(steps) steps")
        }
        (self.value, self.average, self.steps) = (value, average, steps)
    }

    /// Whether so little is left of the weight that the image keeps away from nothing, and it is far below the free image
    /// all the same: it has been driven to where the unit finds little, and climbs there. (Most images whose weight gives
    /// way come back by themselves.)
    func isLost(free: Double) -> Bool {
        greatest > 0 && free > 0 && value < Self.lostPart * greatest && average < Self.lostActivation * free
    }

    private static let lostPart = 0.1
    private static let lostActivation = 0.68
    private static let restartedPart = 0.25

    /// Begins anew beside an image of this average.
    mutating func restart(average: Double) {
        value = Self.restartedPart * greatest
        self.average = average
    }

    /// Takes in one step's activation, counted from the baseline.
    /// - Parameter free: the average of the image that is left free; nil for that image itself.
    mutating func observe(_ activation: Double, free: Double?) {
        average = steps == 0 ? activation : 0.9 * average + 0.1 * activation
        steps += 1
        // A free image with an activation of zero or less is no yardstick.
        guard let free, free > 0, steps > Self.quietSteps else { return }
        if average < Self.low * free {
            value *= Self.fall
        } else if average > Self.high * free {
            value = min(greatest, value * Self.rise + 0.001 * greatest)
        }
    }
}
