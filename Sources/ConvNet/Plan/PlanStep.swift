import Networks

/// One step of a plan: an operation, what it reads and what it makes.
final class PlanStep {
    let operation: MapOperation
    /// Values of the graph.
    let inputs: [Int]
    let value: Int
    /// The ONNX tensor that it makes.
    let name: String

    init(_ operation: MapOperation, inputs: [Int], value: Int, name: String) {
        self.operation = operation
        self.inputs = inputs
        self.value = value
        self.name = name
    }
}
