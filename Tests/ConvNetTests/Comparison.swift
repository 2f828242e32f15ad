/// How far a vector is from the expected one.
struct Comparison {
    let relativeError: Double
    let cosine: Double

    init(_ actual: [Double], _ expected: [Double]) {
        let difference = zip(actual, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let squares = expected.reduce(0) { $0 + $1 * $1 }
        let own = actual.reduce(0) { $0 + $1 * $1 }
        let product = zip(actual, expected).reduce(0) { $0 + $1.0 * $1.1 }
        relativeError = (difference / squares).squareRoot()
        cosine = product / (squares * own).squareRoot()
    }
}
