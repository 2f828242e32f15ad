/// The manifest's word for what is optimised in place of an image: for a facet, and for the images of a band.
public enum ParameterizationSettings: String, Sendable, Equatable, Codable, CaseIterable {
    case pixel, fourier

    /// Whether its numbers stand for decorrelated colours unless a manifest says otherwise.
    public var decorrelatesColors: Bool { traits.decorrelatesColors }
    /// Whether its numbers are the pixels themselves, unless these are of decorrelated colours.
    var isPixels: Bool { traits.isPixels }
    /// Its part of a facet's name; nil if the name need not mention it.
    var facetName: String? { traits.facetName }
    /// "Fourier facet".
    var facetNoun: String { traits.facetNoun }

    /// A sentence about all of them, for the reference.
    static let summary = "What is optimised: \(allCases.map(\.traits.summary).joined(separator: ", or "))."

    /// The kinds of facets that decorrelate colours, for the reference.
    static let decorrelatingFacets =
        allCases.filter(\.decorrelatesColors).map { "\($0.facetNoun)s" }.joined(separator: " and ")

    /// What is said about one of them.
    private struct Traits {
        var summary: String
        var facetName: String?
        var facetNoun: String
        var decorrelatesColors = false
        var isPixels = false
    }

    private var traits: Traits {
        switch self {
        case .pixel: Traits(summary: "the pixels", facetNoun: "pixel facet", isPixels: true)
        case .fourier:
            Traits(
                summary: "a Fourier spectrum with decorrelated colours", facetName: "fourier",
                facetNoun: "Fourier facet", decorrelatesColors: true)
        }
    }
}
