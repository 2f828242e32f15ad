import FeatureVisualization
import Records

/// A facet, and its activation under transforms.
struct MeasuredFacet: Sendable {
    var facet: Facet
    let robustActivation: Float
    /// Only for a facet of a set.
    var diversity: FilmRecord.FacetEntry.Diversity?
    /// Only for a facet that is a file.
    var source: FilmRecord.FacetEntry.Source?
    /// Whether its mean colour is what the unit responds to, and was left free for that reason.
    var showsMeanColor = false

    /// Whether it is a picture as somebody gave it.
    var isPicture: Bool { source != nil && facet.steps == 0 }

    var entry: FilmRecord.FacetEntry {
        FilmRecord.FacetEntry(
            name: facet.name, activation: Double(facet.activation), robustActivation: Double(robustActivation),
            steps: facet.steps, evaluations: facet.evaluations, diversity: diversity, source: source,
            meanColor: showsMeanColor ? .feature : facet.holdsMean ? .held : nil)
    }
}
