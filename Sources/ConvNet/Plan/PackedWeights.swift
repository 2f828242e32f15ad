import Networks
import Synchronization

/// A network's convolutions, packed for the kernels: each once, at its first use, for all evaluators.
final class PackedWeights: Sendable {
    /// By kind and name: the same convolution can be packed for several kinds of operations.
    private let packed = Mutex<[String: AnyObject & Sendable]>([:])
    private let image: ImageInput

    init(_ image: ImageInput) {
        self.image = image
    }

    func pointwise(_ name: String, _ convolution: Convolution, _ direction: Direction) throws(NetworkError)
        -> PackedPointwise
    {
        try find("pointwise \(direction == .forward)/\(name)") { () throws(NetworkError) in
            try PackedPointwise(convolution, direction)
        }
    }

    func dense(_ name: String, _ convolution: Convolution, _ direction: Direction) throws(NetworkError) -> PackedDense {
        try find("dense \(direction == .forward)/\(name)") { () throws(NetworkError) in
            try PackedDense(convolution, direction)
        }
    }

    func winograd(_ name: String, _ convolution: Convolution, _ direction: Direction) throws(NetworkError)
        -> PackedWinograd
    {
        try find("winograd \(direction == .forward)/\(name)") { () throws(NetworkError) in
            try PackedWinograd(convolution, direction)
        }
    }

    func depthwise(_ name: String, _ convolution: Convolution) throws(NetworkError) -> PackedDepthwise {
        try find("depthwise/\(name)") { () throws(NetworkError) in try PackedDepthwise(convolution) }
    }

    func image(_ name: String, _ convolution: Convolution) throws(NetworkError) -> PackedImageConvolution {
        try find("image/\(name)") { () throws(NetworkError) in try PackedImageConvolution(convolution) }
    }

    func invertedResidual(_ name: String, _ block: InvertedResidualBlock) throws(NetworkError)
        -> PackedInvertedResidual
    {
        try find("block/\(name)") { () throws(NetworkError) in try PackedInvertedResidual(block, self.image) }
    }

    private func find<Packed: AnyObject & Sendable>(
        _ key: String, _ make: () throws(NetworkError) -> Packed
    ) throws(NetworkError) -> Packed {
        try packed.withLock { (found) throws(NetworkError) -> Packed in
            // The kind is part of the key.
            if let known = found[key] { return unsafeDowncast(known, to: Packed.self) }
            let new = try make()
            found[key] = new
            return new
        }
    }
}
