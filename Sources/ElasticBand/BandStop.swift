/// Why a band stopped. Used as a rule, it says when a band may stop before it has taken all of its steps.
public enum BandStop: String, Sendable, Codable, CaseIterable {
    /// Every pivot's activation is at least that of the lower end (thesis Algorithm 1).
    case reachedEnds
    /// No pivot's average activation lies noticeably below the line between the ends (`StepControl`).
    case settled
    /// All steps are taken. Used as a rule: the band never stops earlier.
    case stepLimit
}
