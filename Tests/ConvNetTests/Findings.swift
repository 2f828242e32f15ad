/// What a comparison found: how often it looked, and what did not agree.
///
/// The comparisons that arm64 runs too (`make test-arm64`) speak through it: Swift Testing cannot be had there.
struct Findings: CustomStringConvertible {
    private(set) var comparisons = 0
    private(set) var mismatches = 0
    /// The first mismatches in words: a broken kernel has thousands.
    private var words: [String] = []

    /// Something was compared, and nothing disagreed.
    var agree: Bool { comparisons > 0 && mismatches == 0 }

    mutating func expect(_ agrees: Bool, _ what: @autoclosure () -> String) {
        comparisons += 1
        if agrees { return }
        mismatches += 1
        if words.count < 10 { words.append(what()) }
    }

    /// Takes in what another comparison found.
    mutating func add(_ other: Findings) {
        comparisons += other.comparisons
        mismatches += other.mismatches
        words += other.words.prefix(max(0, 10 - words.count))
    }

    var description: String {
        (["\(mismatches) of \(comparisons) comparisons disagree"] + words).joined(separator: "\n    ")
    }
}

/// The larger of two differences; what is no number is further off than any.
func worse<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { b.isNaN ? .infinity : max(a, b) }

/// The largest size of some differences; infinite where there is none, or one is no number.
func worst<Value: BinaryFloatingPoint>(_ differences: [Value]) -> Value {
    differences.isEmpty ? .infinity : differences.reduce(0) { worse($0, abs($1)) }
}
