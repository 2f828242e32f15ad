import ElasticBand
import FeatureVisualization

/// The space of the images of a path, as the elastic band asks for it.
extension ImageSpace: PathSpace {
    public func adapt(_ gradient: inout [Float], _ memory: inout AdamMemory<[Float]>, step: Int) -> Bool {
        adapt(&gradient, mean: &memory.mean, square: &memory.square, step: step)
    }
}
