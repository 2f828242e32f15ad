import Disk
import Foundation

/// `regressions.txt`: what `facetreel compare` said about this night's films beside the last one's.
struct NightChanges: Sendable, Equatable {
    /// A film that is not what it was.
    struct Film: Sendable, Equatable {
        var film: String
        var isWorse: Bool
        /// `path 2 robustMinimum: 0.97 -> 0.91`
        var measures: [String] = []
    }

    var films: [Film] = []
    /// Everything else: counts, films that are new or gone.
    var remarks: [String] = []

    /// A page need not show more than this; compare itself stops at 50 films.
    private static let sizeLimit = 256 << 10

    /// Nil where there is no such text, or none of a size that could be one.
    static func load(_ path: String) -> NightChanges? {
        guard let size = FileSignature(path)?.size, size <= sizeLimit,
            let data = try? WholeFile.contents(of: path)
        else { return nil }
        return NightChanges(String(decoding: data, as: UTF8.self))
    }

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("worse  ") || line.hasPrefix("better  ") {
                let name = line.drop { $0 != " " }.drop { $0 == " " }
                films.append(Film(film: String(name), isWorse: line.hasPrefix("worse")))
            } else if line.hasPrefix("    "), !films.isEmpty {
                films[films.count - 1].measures.append(String(line.drop { $0 == " " }))
            } else {
                remarks.append(String(line))
            }
        }
    }
}
