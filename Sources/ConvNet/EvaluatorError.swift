import Networks

/// Why an evaluator cannot be made, or cannot answer.
public enum EvaluatorError: Error, Equatable, CustomStringConvertible {
    case imageSize(height: Int, width: Int)
    case notATap(String, target: String)
    /// The network has no such layer, or cannot be run to it, or not at this size.
    case network(NetworkError)

    /// The longest side that an image may have.
    public static let maximumSize = 2048

    public var description: String {
        switch self {
        case .imageSize(let height, let width):
            return
                "an image of \(width)x\(height) pixels: each side must be 1...\(EvaluatorError.maximumSize)"
        case .notATap(let name, let target):
            return "layer \(name) is none of those that this evaluator for \(target) was made to keep"
        case .network(let error): return error.description
        }
    }
}
