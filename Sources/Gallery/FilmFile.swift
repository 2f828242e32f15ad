import Disk
import Foundation

/// What a film's `film.json` says, as far as pages show it. Keys may be missing; a value of another kind than it should
/// be makes the file unreadable.
struct FilmFile: Decodable {
    /// As it was resolved: `Reel` of the manifest's module, of whatever version.
    var job: JSON?
    var seeds: JSON?
    var digests: Digests?
    var engineRevision: String?
    var frames: [Frame]?
    var facets: [Facet]?
    var bands: [Band]?
    var timing: Timing?

    struct Digests: Decodable {
        var weights: String?
        var job: String?
    }

    struct Frame: Decodable {
        var path: Int?
        var activation: Double?
        var facet: String?
    }

    struct Facet: Decodable {
        var name: String?
        var activation: Double?
        var robustActivation: Double?
        var steps: Int?
        var evaluations: Int?
        var diversity: Diversity?
        var source: Source?

        struct Diversity: Decodable {
            var weight: Double?
            var likeness: Double?
            var activationWithout: Double?
        }

        struct Source: Decodable {
            var path: String?
            var sha256: String?
        }
    }

    struct Band: Decodable {
        var pivots: Int?
        var steps: Int?
        var refinementSteps: Int?
        var evaluations: Int?
        var stop: String?
        var minimumActivation: Double?
        var lowerEndActivation: Double?
        var minimumRatio: Double?
        var robustMinimum: Double?
        var contrastMinimum: Double?
        var featureStepRatio: Double?
        var flicker: Double?
        var blurMinimum: Double?
        var jpegMinimum: Double?
        var lowestFrame: Int?
    }

    struct Timing: Decodable {
        var total: Double?
        var workers: Int?
    }
}

extension FilmFile {
    /// What its activations are, as a heading.
    var quantity: String {
        switch job?["objective"]?["kind"]?.stringValue {
        case "neuron": "Activation at one place"
        case "position": "Mean of all units at one place"
        case "direction": "Mean activation along a direction"
        case "cosine": "Mean cosine with a direction"
        default: "Mean activation"
        }
    }

    /// A film of an hour has 108,000 frames and about 10 MB; more than this is not one of ours.
    private static let sizeLimit = 64 << 20

    struct Unreadable: Error {
        /// In words, for the page.
        let reason: String
    }

    init(path: String) throws(Unreadable) {
        guard let size = FileSignature(path)?.size else { throw Unreadable(reason: "film.json is no regular file") }
        guard size <= Self.sizeLimit else {
            throw Unreadable(reason: "film.json has \(size >> 20) MiB, more than any film's")
        }
        guard let data = try? WholeFile.contents(of: path) else {
            throw Unreadable(reason: "film.json cannot be read; check its permissions")
        }
        try self.init(data)
    }

    init(_ data: Data) throws(Unreadable) {
        guard !data.isEmpty else { throw Unreadable(reason: "film.json is empty") }
        do {
            self = try JSONDecoder().decode(FilmFile.self, from: data)
        } catch {
            throw Unreadable(reason: "film.json " + Self.words(for: error))
        }
        guard job != nil || facets != nil || frames != nil else {
            throw Unreadable(reason: "film.json has neither a job nor frames nor facets: it is no film's")
        }
    }

    private static func words(for error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            "/" + context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
        }
        return switch error {
        case DecodingError.typeMismatch(let type, let context): "has no \(type) at \(place(context))"
        case DecodingError.valueNotFound(let type, let context): "has no \(type) at \(place(context))"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            "has a value out of range at \(place(context))"
        default: "is no JSON text, only the beginning of one, or has a number out of range"
        }
    }
}

extension FilmFile {
    /// One for each frame; not finite where the file has none.
    var activations: [Double] { (frames ?? []).map { Self.sound($0.activation) ?? .nan } }

    /// Only a foreign file has numbers beyond this, and differences of such could be infinite.
    static func sound(_ value: Double?) -> Double? {
        value.flatMap { abs($0) < 1e30 ? $0 : nil }
    }

    var framesPerSecond: Int {
        let stated = job?["video"]?["framesPerSecond"]?.doubleValue ?? 30
        return stated >= 1 && stated <= 1000 ? Int(stated) : 30
    }

    /// Whether the film shows its own graph beside the image.
    var hasGraph: Bool { job?["video"]?["graph"]?.boolValue ?? true }

    /// Where facets stand in the film: frame, and number among the facets, in the order of the film.
    var facetFrames: [(frame: Int, facet: Int)] {
        var places: [(frame: Int, facet: Int)] = []
        for (frame, entry) in (frames ?? []).enumerated() where entry.facet != nil {
            places.append((frame: frame, facet: places.count))
        }
        return places
    }

    func facetName(_ index: Int) -> String { facets?[index].name ?? "facet \(index + 1)" }

    /// `facets/01-naive.png`, as path components under the film's folder.
    func facetPicture(_ index: Int) -> [String] {
        ["facets", (index < 9 ? "0" : "") + "\(index + 1)-\(facetName(index)).png"]
    }
}
