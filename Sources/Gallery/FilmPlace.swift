import Disk
import Foundation

/// Where a film lies in the output folder.
struct FilmPlace: Sendable, Hashable {
    var name: String
    var layer: String
    var unit: String

    var path: String { "\(name)/\(layer)/\(unit)" }

    /// Every `<name>/<layer>/<unit>/` with a `film.json` under the output folder: by name, layers from edges to objects,
    /// units by number. Hidden folders are nobody's, and `gallery` is ours.
    static func all(in output: String) -> [FilmPlace] {
        func folders(_ path: String) -> [String] {
            let entries = (try? Folder.entries(of: path)) ?? []
            return entries.filter { !$0.hasPrefix(".") }
        }
        var places: [FilmPlace] = []
        for name in folders(output).sorted(by: LayerOrder.naturally) where name != Gallery.folder {
            for layer in folders("\(output)/\(name)").sorted(by: LayerOrder.precedes) {
                for unit in folders("\(output)/\(name)/\(layer)").sorted(by: LayerOrder.naturally) {
                    let place = FilmPlace(name: name, layer: layer, unit: unit)
                    var status = stat()
                    if stat("\(output)/\(place.path)/film.json", &status) == 0 { places.append(place) }
                }
            }
        }
        return places
    }
}

/// The files beside a `film.json`.
struct FilmFiles: Sendable {
    /// Of the film's folder.
    let path: String

    init(_ place: FilmPlace, in output: String) {
        path = "\(output)/\(place.path)"
    }

    /// Names come from `film.json`, which anybody may have written: one with a slash is no file of the folder.
    func has(_ components: [String]) -> Bool {
        guard !components.contains(where: { $0.contains("/") || $0.utf8.contains(0) || $0 == ".." }) else {
            return false
        }
        return FileSignature("\(path)/\(components.joined(separator: "/"))") != nil
    }

    /// Changes with every new film.
    var stamps: [FileSignature?] { ["film.json", "film.mp4", "poster.png"].map { FileSignature("\(path)/\($0)") } }
}
