import ElasticBand
import FeatureVisualization
import JobManifest
extension ReelRenderer {
    var facetSpecifications: [FacetSpecification] { reel.facets.map { FacetSpecification(name: $0.name, steps: $0.steps, learningRate: $0.learningRate) } }
    var bandSettings: BandSettings { BandSettings(pivots: reel.neb.pivots, interpolations: reel.neb.interpolations, steps: reel.neb.steps, refinementSteps: reel.neb.refinementSteps, learningRate: reel.neb.learningRate) }
    var bandTotalVariation: Double { reel.neb.totalVariation * 224 * 224 / Double(height * width) }
}
