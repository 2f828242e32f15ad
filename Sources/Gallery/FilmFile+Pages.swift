import Disk
import Foundation
import JSON
import Records

/// A file of the output folder that cannot be shown.
struct UnreadableFile: Error {
    /// In words, for the page.
    let reason: String
}

/// What pages ask of a `film.json`, whose job may be of any version.
extension FilmFile<JSONValue> {
    /// A film of an hour has 108,000 frames and about 10 MB; more than this is not one of ours.
    private static var sizeLimit: Int { 64 << 20 }

    init(path: String) throws(UnreadableFile) {
        guard let size = FileSignature(path)?.size else { throw UnreadableFile(reason: "film.json is no regular file") }
        guard size <= Self.sizeLimit else {
            throw UnreadableFile(reason: "film.json has \(size >> 20) MiB, more than any film's")
        }
        guard let data = try? WholeFile.contents(of: path) else {
            throw UnreadableFile(reason: "film.json cannot be read; check its permissions")
        }
        guard !data.isEmpty else { throw UnreadableFile(reason: "film.json is empty") }
        do {
            try self.init(data, with: .all)
        } catch {
            throw UnreadableFile(reason: "film.json " + Self.words(for: error))
        }
        guard job != nil || facets != nil || frames != nil else {
            throw UnreadableFile(reason: "film.json has neither a job nor frames nor facets: it is no film's")
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

    /// What its activations are, as a heading.
    var quantity: String {
        switch job?["objective"]?["kind"]?.stringValue {
        case "neuron": "Activation at one place"
        case "position": "Mean of all units at one place"
        case "direction": "Mean activation along a direction"
        case "cosine": "Mean cosine with a direction"
        default: label == nil ? "Mean activation" : "Logit"
        }
    }

    /// One value for each frame; NaN if the file has none for it.
    var activations: [Double] { (frames ?? []).map { $0.activation?.sound ?? .nan } }

    var framesPerSecond: Int {
        let stated = job?["video"]?["framesPerSecond"]?.doubleValue ?? 30
        return stated >= 1 && stated <= 1000 ? Int(stated) : 30
    }

    /// Whether the film shows its own graph beside the image.
    var hasGraph: Bool { job?["video"]?["graph"]?.boolValue ?? true }

    /// The frames that show facets, each with the index of its facet, in the order of the film.
    var facetFrames: [(frame: Int, facet: Int)] {
        var places: [(frame: Int, facet: Int)] = []
        for (frame, entry) in (frames ?? []).enumerated() where entry.facet != nil {
            places.append((frame: frame, facet: places.count))
        }
        return places
    }

    func facetName(_ index: Int) -> String { facets?[index].name ?? "facet \(index + 1)" }

    /// `facets/01-naive.png`, as path components under the film's folder.
    func facetPicture(_ index: Int) -> [String] { ["facets", pictureName(index)] }

    /// `importance/01-naive.png`: of the size of the facet, white where the facet matters to the unit.
    func importance(_ index: Int) -> [String] { ["importance", pictureName(index)] }

    private func pictureName(_ index: Int) -> String {
        (index < 9 ? "0" : "") + "\(index + 1)-\(facetName(index)).png"
    }

    /// The width and height of the film's images, in pixels; nil where the job does not say them.
    var imageSize: (width: Int, height: Int)? {
        guard let width = job?["image"]?["width"]?.integerValue, let height = job?["image"]?["height"]?.integerValue
        else { return nil }
        return (width, height)
    }
}
