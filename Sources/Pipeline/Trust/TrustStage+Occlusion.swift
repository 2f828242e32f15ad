import ConvNet
import Networks
import Records
import Trust

extension TrustStage {
    /// Photographs of which parts are covered.
    private static let occludedCount = 5
    /// Squares in each direction.
    private static let squareCount = 4

    /// Covers parts of the photographs that excite the unit most, and asks whether the parts that matter are those that
    /// look like the film: by what the other units of the layer make of them (or of the last layer before it that has
    /// places).
    func measureOcclusion(
        _ findings: inout Findings, _ images: TrustFeatures, _ photographs: PhotographSet, _ strongest: [Image],
        on worker: Worker
    ) throws {
        guard let map = mapLayer(photographs) else {
            findings.reasons[.causalOcclusion] = "no layer with places was shown the photographs"
            return
        }
        let likeness = UnitLikeness([map], without: reel.unit, of: layerName) {
            images.means(of: images.grey, layer: $0)
        }
        let film = images.frames.map { image in likeness.features { images.means(of: image, layer: $0) } }
        let (unit, layer, count) = (reel.unit, layerName, Self.squareCount)
        let layers = layer == map.name ? [layer] : [map.name, layer]
        var shares: [Double] = []
        for photograph in strongest.prefix(Self.occludedCount) {
            let evaluator = try forwardEvaluator(layers: layers, on: worker)
            let own = Double(evaluator.meanActivations(of: photograph)[unit])
            let outputs = try evaluator.outputs(of: photograph, layers: [map.name])[0]
            let likenesses = (0..<count * count).map { square in
                let means = outputs.means(ofSquare: (square / count, square % count), of: count)
                let part = likeness.features { _ in means }
                return film.reduce(0) { $0 + likeness.share(of: $1, in: part) } / Double(max(film.count, 1))
            }
            let losses = try pool.parallel(count * count, on: worker) { square, worker in
                let evaluator = try forwardEvaluator(layers: layers, on: worker)
                let covered = photograph.covered(square: (square / count, square % count), of: count)
                return own - Double(evaluator.meanActivations(of: covered)[unit])
            }
            findings.evaluations += count * count + 2
            if let share = CausalOcclusion.share(losses: losses, likenesses: likenesses) { shares.append(share) }
        }
        findings.set(
            .causalOcclusion, shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count),
            otherwise: strongest.isEmpty
                ? "the photographs could not be read again" : "no part of the photographs matters more than others")
    }

    /// The unit's own layer, or the last one before it that has places.
    private func mapLayer(_ photographs: PhotographSet) -> ExampleRecord.Layer? {
        let layers = photographs.record.layers
        guard let own = layers.firstIndex(where: { $0.name == layerName }) else { return nil }
        return layers[...own].last { $0.map.height * $0.map.width > 1 }
    }
}

extension Image {
    /// The image with one square of several in each direction grey. Its edges are soft: a unit that likes edges would see
    /// nothing else.
    fileprivate func covered(square: (row: Int, column: Int), of count: Int) -> Image {
        func cover(_ place: Int, _ square: Int, _ size: Int) -> Float {
            let side = Float(size) / Float(count)
            let outside = abs(Float(place) + 0.5 - (Float(square) + 0.5) * side) - side / 2
            // From a quarter of a side outside to a quarter inside.
            let part = min(max(0.5 - outside / (side / 2), 0), 1)
            return part * part * (3 - 2 * part)
        }
        let rows = (0..<height).map { cover($0, square.row, height) }
        let columns = (0..<width).map { cover($0, square.column, width) }
        var image = self
        for y in 0..<height {
            for x in 0..<width {
                let rest = 1 - rows[y] * columns[x]
                for channel in 0..<3 { image.pixels[3 * (y * width + x) + channel] *= rest }
            }
        }
        return image
    }
}

extension Tensor {
    /// Means over a square of several in each direction of activations `[height, width, unit]`, `[unit]`: places that lie
    /// in it in part count in part.
    fileprivate func means(ofSquare square: (row: Int, column: Int), of count: Int) -> [Double] {
        func weights(_ square: Int, _ size: Int) -> [Double] {
            let side = Double(size) / Double(count)
            return (0..<size).map { place in
                let (low, high) = (
                    max(Double(place), Double(square) * side), min(Double(place + 1), Double(square + 1) * side)
                )
                return max(high - low, 0) / side
            }
        }
        let (rows, columns) = (weights(square.row, shape[0]), weights(square.column, shape[1]))
        var means = [Double](repeating: 0, count: shape[2])
        for y in 0..<shape[0] where rows[y] > 0 {
            for x in 0..<shape[1] where columns[x] > 0 {
                let (weight, first) = (rows[y] * columns[x], (y * shape[1] + x) * shape[2])
                for unit in 0..<shape[2] { means[unit] += weight * Double(values[first + unit]) }
            }
        }
        return means
    }
}
