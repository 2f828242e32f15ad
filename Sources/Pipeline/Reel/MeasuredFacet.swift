import FeatureVisualization
import Records

/// A facet, and what it is worth under transforms.
struct MeasuredFacet: Sendable {
    var facet: Facet
    let robustActivation: Float
    /// Of a facet of a set.
    var diversity: FilmRecord.FacetEntry.Diversity?
    /// Of a facet that is a file.
    var source: FilmRecord.FacetEntry.Source?

    var entry: FilmRecord.FacetEntry {
        FilmRecord.FacetEntry(
            name: facet.name, activation: Double(facet.activation), robustActivation: Double(robustActivation),
            steps: facet.steps, evaluations: facet.evaluations, diversity: diversity, source: source)
    }
}
