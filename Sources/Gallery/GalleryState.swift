import Disk
import Foundation
import Records

/// What the last build read and wrote, so that the next one reads and writes only what is new. If it is missing or
/// damaged, everything is read and written again.
struct GalleryState: Codable, Sendable {
    /// The program that wrote the pages: another one may write different pages.
    var program: FileSignature?
    var films: [String: Entry] = [:]
    /// Runs whose report was seen, the latest last.
    var nights: [Night] = []

    struct Entry: Codable, Sendable {
        var stamps: [FileSignature?]
        var film: ListedFilm
        /// What else the film's page depends on.
        var neighbours: String
        /// The page as it was written.
        var page: FileSignature?
    }

    static func load(_ path: String) -> GalleryState {
        let program = FileSignature("/proc/self/exe")
        guard var state = GalleryState.stored(in: path) else { return GalleryState(program: program) }
        if state.program != program {
            // Nights are history and stay: their reports are gone.
            state = GalleryState(program: program, nights: state.nights)
        }
        // Pages are written and removed by these names, which come from a file: they must not lead elsewhere.
        state.films = state.films.filter { key, entry in
            guard let place = FilmPlace(key) else { return false }
            return (place.name, place.layer, place.unit) == (entry.film.name, entry.film.layer, entry.film.unit)
        }
        return state
    }
}
