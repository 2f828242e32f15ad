import Disk

/// Constant numbers of a network, `count` floats in row-major order. They are read from the file when they are asked
/// for, or were computed.
public final class Constant: Sendable {
    enum Storage: Sendable {
        case file(OpenFile, offset: Int)
        case tensor(ONNXTensor)
        case values([Float])
        case deferred(DeferredNumbers, file: String)
    }

    let storage: Storage
    public let count: Int
    /// The name of the tensor in the file, for messages; empty for one that was computed.
    public let name: String

    init(file: OpenFile, offset: Int, count: Int, name: String) {
        storage = .file(file, offset: offset)
        self.count = count
        self.name = name
    }

    /// - Parameter tensor: of one of the types that can be read as floats.
    init(_ tensor: ONNXTensor) {
        storage = .tensor(tensor)
        count = tensor.count
        name = tensor.name
    }

    /// What is computed of weights each time that it is asked for.
    init(_ deferred: DeferredNumbers, file: String) {
        storage = .deferred(deferred, file: file)
        count = deferred.count
        name = ""
    }

    public init(_ values: [Float], name: String = "") {
        storage = .values(values)
        count = values.count
        self.name = name
    }

    /// The values.
    /// - Throws: `NetworkError` if the file cannot be read any more, or a value is no finite number.
    public func values() throws(NetworkError) -> [Float] {
        switch storage {
        case .values(let values): return values
        case .tensor(let tensor): return try tensor.floats()
        case .deferred(let deferred, let file):
            do throws(LoweringFault) {
                return try Lowering.floats(try deferred.compute())
            } catch {
                throw NetworkError(file: file, reason: error.reason, remedy: error.remedy)
            }
        case .file(let file, let offset):
            let values: [Float]
            do {
                values = try file.values(count, at: offset)
            } catch {
                throw NetworkError(error)
            }
            guard values.allSatisfy({ $0.isFinite }) else {
                throw NetworkError(
                    file: file.path, place: "weight \(name.quoted)", reason: "holds a NaN or an infinite number",
                    remedy: "Export a network whose weights are finite")
            }
            return values
        }
    }
}
