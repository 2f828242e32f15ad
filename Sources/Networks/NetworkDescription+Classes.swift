extension NetworkDescription {
    /// The layer of the classes: the last logits that have a label each, or the last logits where nothing has labels.
    /// Nil for a network without logits.
    public var classLayer: Layer? {
        layers.last { hasLabels($0) } ?? layers.last { $0.isLogits }
    }

    /// Whether each unit of a layer has a label.
    public func hasLabels(_ layer: Layer) -> Bool {
        layer.isLogits && labels?.count == layer.unitCount
    }

    /// The label of a unit; nil if its layer has none, or if there is no such layer or unit.
    public func label(ofUnit unit: Int, layer name: String) -> String? {
        guard let layer = layer(name), hasLabels(layer), let labels, labels.indices.contains(unit) else { return nil }
        return labels[unit]
    }

    /// The layer whose Gram matrices keep diverse facets of a unit of `layer` apart: the layer itself; for logits, which
    /// have no positions, the last one before them that has.
    public func diversityLayer(for layer: Layer) -> Layer {
        guard layer.isLogits else { return layer }
        let place = layers.firstIndex(of: layer) ?? layers.count
        return layers[..<place].last { !$0.isLogits } ?? layer
    }

    /// The layer whose features hold an image near a picture while a unit of `layer` rises, about two stages before the
    /// unit's own: the last of the perceptual layers that costs at most half of what `layer` does. Nil where there is none so
    /// early: then it is the image itself.
    public func nearnessLayer(for layer: Layer) -> Layer? {
        let cost = layer.multiplyAccumulates(height: height, width: width)
        return perceptualLayers.last {
            !$0.isLogits && $0.multiplyAccumulates(height: height, width: width) <= Self.nearnessCost * cost
        }
    }

    private static let nearnessCost = 0.5
}
