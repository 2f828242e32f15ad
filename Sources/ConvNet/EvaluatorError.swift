/// Why an evaluator cannot be made, or cannot answer.
public enum EvaluatorError: Error, Equatable, CustomStringConvertible {
    case unknownLayer(String)
    case imageSize(height: Int, width: Int)
    case beyondTarget(String, target: String)
    case notLinear(String)

    /// Below this the deepest maps have no interior.
    public static let minimumSize = 32
    /// Bounds a worker's scratch to a few hundred megabytes.
    public static let maximumSize = 2048

    public var description: String {
        switch self {
        case .unknownLayer(let name): return "unknown layer \"\(name)\"; `facetreel layers` lists them"
        case .imageSize(let height, let width):
            return
                "an image of \(width)x\(height) pixels: each side must be \(EvaluatorError.minimumSize)...\(EvaluatorError.maximumSize)"
        case .beyondTarget(let name, let target):
            return "layer \(name) lies beyond \(target), where this evaluator stops"
        case .notLinear(let name):
            return "layer \(name) is rectified; only the outputs of _project_BN and _add layers can be read whole"
        }
    }
}
