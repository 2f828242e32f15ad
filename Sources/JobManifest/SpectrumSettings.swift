/// The manifest's word for how strong the frequencies of a Fourier facet are to begin with, and how fast each moves.
public enum SpectrumSettings: String, Sendable, Equatable, Codable, CaseIterable {
    /// 1/f, lucid's.
    case inverse
    /// The mean amplitudes of photographs.
    case natural
}

/// The manifest's word for what becomes of a Fourier facet's mean colour.
public enum MeanColorSettings: String, Sendable, Equatable, Codable, CaseIterable {
    case free
    /// Free until the image becomes dark or bright.
    case guarded
    /// Held at mid grey.
    case grey
}
