/// A weighted sum of the forces of neighbouring pivots, and its product with the tangent, in one pass.
enum SmoothedForce {
    /// Writes `sum of weights[k] * forces[first + k]` over `target` and returns the share of the tangent (c, d) in it:
    /// its product with (d - c) over that with itself; 0 where there is none, or where c and d coincide.
    ///
    /// Block by block: the target stays near the processor until all forces are added, and what is 0 is not read.
    static func sum(
        of forces: [[Float]], from first: Int, weights: [Double], tangent: ([Float], [Float])?,
        into target: inout [Float]
    ) -> Float {
        let count = target.count
        var (product, squaredLength) = (0.0, 0.0)
        target.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            var start = 0
            while start < count {
                let length = min(blockLength, count - start)
                add(forces, first, weights, from: start, length, to: target + start)
                if let (c, d) = tangent {
                    c.withUnsafeBufferPointer { c in
                        d.withUnsafeBufferPointer { d in
                            guard let c = c.baseAddress.map({ $0 + start }), let d = d.baseAddress.map({ $0 + start })
                            else { return }
                            product += PathArithmetic.product(target + start, c, d, count: length)
                            squaredLength += PathArithmetic.squaredDistance(c, d, count: length)
                        }
                    }
                }
                start += length
            }
        }
        return squaredLength > 0 ? Float(product / squaredLength) : 0
    }

    /// 16 KiB: half of a first-level cache.
    private static let blockLength = 4096

    private static func add(
        _ forces: [[Float]], _ first: Int, _ weights: [Double], from start: Int, _ length: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        for (offset, weight) in weights.enumerated() {
            let weight = Float(weight)
            forces[first + offset].withUnsafeBufferPointer { force in
                guard let force = force.baseAddress.map({ $0 + start }) else { return }
                if offset == 0 {
                    PathArithmetic.forEach(length) {
                        target.setVector(at: $0, to: force.vector(at: $0) * weight)
                    } _: {
                        target[$0] = force[$0] * weight
                    }
                } else {
                    PathArithmetic.forEach(length) {
                        target.setVector(at: $0, to: target.vector(at: $0) + force.vector(at: $0) * weight)
                    } _: {
                        target[$0] += force[$0] * weight
                    }
                }
            }
        }
    }
}
