import Disk
import Records
import Trust

/// How like two pictures are to a network, by what they do to the units of some layers: the mean over the layers of the
/// cosine of the units' means, each of them in its standard deviations over the photographs, and from its mean over
/// them or from what flat grey gives.
struct UnitLikeness {
    private struct Norm {
        let layer: String
        let units: [(unit: Int, mean: Double, deviation: Double)]
    }

    private let norms: [Norm]

    /// - Parameters:
    ///   - unit: is left out: its own activation would tell everything.
    ///   - layer: the layer of that unit.
    ///   - layers: those that count.
    ///   - origin: a layer's means from which its units count; nil: their means over the photographs.
    init(
        _ layers: [ExampleRecord.Layer], without unit: Int, of layer: String, origin: ((String) -> [Double])? = nil
    ) {
        norms = layers.map { own in
            let origin = origin?(own.name)
            return Norm(
                layer: own.name,
                units: own.units.enumerated().compactMap { index, example in
                    let isItself = own.name == layer && index == unit
                    guard !isItself, example.standardDeviation > 0 else { return nil }
                    return (index, origin?[index] ?? example.mean, example.standardDeviation)
                })
        }.filter { $0.units.count > 1 }
    }

    /// A picture's features, layer by layer.
    /// - Parameter means: the means of all units of a layer.
    func features(_ means: (String) -> [Double]) -> [[Double]] {
        norms.map { norm in
            let values = means(norm.layer)
            return norm.units.map { (values[$0.unit] - $0.mean) / $0.deviation }
        }
    }

    /// The same for photographs, as a record knows them.
    func features(
        ofPhotographs places: [Int], in photographs: PhotographSet
    ) throws(DiskError) -> [[[Double]]] {
        let names = photographs.record.layers.map(\.name)
        return try photographs.means(of: places).map { means in
            let byLayer = Dictionary(zip(names, means), uniquingKeysWith: { first, _ in first })
            return features { byLayer[$0] ?? [] }
        }
    }

    /// How much of another picture's features a picture has: the mean over the layers of the part of the one vector that
    /// lies along the other. Unlike the cosine it tells strong features from weak ones.
    func share(of other: [[Double]], in one: [[Double]]) -> Double {
        guard !norms.isEmpty else { return 0 }
        let shares = zip(one, other).map { one, other in
            let length = other.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return length > 0 ? zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } / length : 0
        }
        return shares.reduce(0, +) / Double(norms.count)
    }

    /// -1...1
    func likeness(_ one: [[Double]], _ other: [[Double]]) -> Double {
        guard !norms.isEmpty else { return 0 }
        return zip(one, other).reduce(0) { $0 + Correlation.cosine($1.0, $1.1) } / Double(norms.count)
    }
}
