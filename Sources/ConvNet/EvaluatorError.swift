import Networks

/// Why an evaluator cannot be made, or cannot answer.
public enum EvaluatorError: Error, Equatable, CustomStringConvertible {
    case unknownLayer(String)
    case imageSize(height: Int, width: Int)
    case notATap(String, target: String)
    /// The network cannot be run to this layer, or not at this size.
    case network(NetworkError)

    /// Below this the deepest maps of usual networks have no interior.
    public static let minimumSize = 32
    /// Bounds a worker's scratch to a few hundred megabytes.
    public static let maximumSize = 2048

    public var description: String {
        switch self {
        case .unknownLayer(let name): return "unknown layer \"\(name)\"; `facetreel layers` lists them"
        case .imageSize(let height, let width):
            return
                "an image of \(width)x\(height) pixels: each side must be \(EvaluatorError.minimumSize)...\(EvaluatorError.maximumSize)"
        case .notATap(let name, let target):
            return "layer \(name) is none of those that this evaluator for \(target) was made to keep"
        case .network(let error): return error.description
        }
    }
}
