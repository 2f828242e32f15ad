/// Why a band stopped; as a rule, when it may stop before all of its steps are taken.
public enum BandStop: String, Sendable, Codable, CaseIterable {
    /// Every pivot's activation is at least that of the lower end (thesis Algorithm 1).
    case reachedEnds
    /// No pivot's average activation lies noticeably below the line between the ends (`StepControl`).
    case settled
    /// All steps are taken. As a rule: never earlier.
    case stepLimit
}
