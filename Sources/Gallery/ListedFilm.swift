import JSON
import Records

/// A film as lists show it: where it lies, and how good it is. Kept from build to build, so that the film's file is
/// read only once.
struct ListedFilm: Codable, Sendable, Equatable {
    /// Names of the folders: `<name>/<layer>/<unit>`.
    var name: String
    var layer: String
    var unit: String
    var preset: String?
    /// The network as its card and its manifest call it; nil in films of earlier versions.
    var network: String?
    var networkFile: String?
    /// The label of the unit's class.
    var label: String?
    /// The layer's place among its network's, and what its units typically respond to.
    var depth: Int?
    var stage: String?
    /// The picture that stands for the film, of a facet if possible: its path under the film's folder; nil without one.
    var picture: [String]?
    var pictureFacet: String?
    var hasFilm: Bool
    var hasGraph: Bool
    var facetCount: Int
    /// Mean over all frames.
    var activation: Double?
    /// The worst of all its paths.
    var worth: MeasuredValues
    /// Of a film that is not good.
    var flag: FilmFlag?
    /// Of a film that has a trust report.
    var grade: FilmGrade?
    var curve: Curve
    var evaluations: Int
    var seconds: Double?

    var folder: [String] { [name, layer, unit] }
    var path: String { "\(name)/\(layer)/\(unit)" }
    var page: [String] { folder + ["index.html"] }
    /// What the film is of; the same for films that can be compared.
    var subject: String { "\(networkFile ?? "")/\(layer)/\(unit)" }
    /// `unit 11, goldfinch`
    var unitTitle: String { "unit \(unit)" + (label.map { ", \(ClassLabel.short($0))" } ?? "") }

    /// All activations in 4,096 levels between the lowest and the highest, two characters for each: small enough that
    /// one page can hold those of a whole night.
    struct Curve: Codable, Sendable, Equatable {
        var lowest = 0.0
        var highest = 0.0
        var levels = ""
        var framesPerSecond = 30
    }
}

extension ListedFilm.Curve {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    init(_ activations: [Double], framesPerSecond: Int) {
        self.framesPerSecond = framesPerSecond
        let finite = activations.filter(\.isFinite)
        guard let lowest = finite.min(), let highest = finite.max() else { return }
        (self.lowest, self.highest) = (lowest, highest)
        let range = highest - lowest
        var signs: [UInt8] = []
        for value in activations {
            // A curve that a page draws has no gaps: where nothing is known it is at its lowest.
            let part = value.isFinite && range > 0 ? (value - lowest) / range : 0
            let level = Int((min(max(part, 0), 1) * 4095).rounded())
            signs += [Self.alphabet[level >> 6], Self.alphabet[level & 63]]
        }
        levels = String(decoding: signs, as: UTF8.self)
    }
}

extension ListedFilm {
    init(_ place: FilmPlace, _ file: FilmFile<JSONValue>, files: FilmFiles) {
        let facets = file.facets ?? []
        // The facet that holds up best under transforms stands for the film, as in its poster.
        let best = facets.indices.max {
            facets[$0].measures[.robustActivation] ?? -.infinity
                < facets[$1].measures[.robustActivation] ?? -.infinity
        }
        let activations = file.activations.filter(\.isFinite)
        let bands = file.bands ?? []
        name = place.name
        layer = place.layer
        unit = place.unit
        preset = file.job?["preset"]?.stringValue
        network = file.network?.name
        networkFile = file.network?.file
        label = file.label
        depth = file.depth?.place
        stage = file.depth?.stage
        picture = best.map { file.facetPicture($0) }.flatMap { files.has($0) ? $0 : nil }
        if picture == nil, files.has(["poster.png"]) { picture = ["poster.png"] }
        pictureFacet = best.map { file.facetName($0) }
        hasFilm = files.has(["film.mp4"])
        hasGraph = file.hasGraph
        facetCount = facets.count
        activation = activations.isEmpty ? nil : activations.reduce(0, +) / Double(activations.count)
        worth = MeasuredValues(worstOf: bands.map(\.measures))
        let judgement = FilmJudgement(of: file)
        (flag, grade) = (judgement.flag, judgement.grade)
        curve = Curve(file.activations, framesPerSecond: file.framesPerSecond)
        evaluations =
            (facets.map(\.evaluations) + bands.map(\.evaluations))
            .reduce(0) { sum, count in
                // Foreign numbers must not overflow.
                let (next, isTooMuch) = sum.addingReportingOverflow(count ?? 0)
                return isTooMuch ? sum : next
            }
        seconds = file.timing?.total?.sound
    }
}
