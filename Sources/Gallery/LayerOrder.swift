import Foundation

/// The order of layers from the image to the classes, as their films' records tell it; layers of films that do not say
/// come last, ordered by the numbers in their names.
struct LayerOrder: Sendable {
    /// By `name/layer`: all films of a name are of one network.
    private var places: [String: Int] = [:]
    private var stages: [String: String] = [:]

    init(_ films: [ListedFilm] = []) {
        for film in films {
            let key = "\(film.name)/\(film.layer)"
            places[key] = places[key] ?? film.depth
            stages[key] = stages[key] ?? film.stage
        }
    }

    /// What units of a layer typically respond to; nil where no film says it.
    func stage(_ layer: String, of name: String) -> String? { stages["\(name)/\(layer)"] }

    /// Names in order, then the layers of each from the image on.
    func precedes(_ left: (name: String, layer: String), _ right: (name: String, layer: String)) -> Bool {
        if left.name != right.name { return Self.naturally(left.name, precedes: right.name) }
        return layer(left, precedes: right)
    }

    /// Layers by their depth, whatever their names.
    func layer(_ left: (name: String, layer: String), precedes right: (name: String, layer: String)) -> Bool {
        let leftPlace = places["\(left.name)/\(left.layer)"] ?? .max
        let rightPlace = places["\(right.name)/\(right.layer)"] ?? .max
        if leftPlace != rightPlace { return leftPlace < rightPlace }
        let order = left.layer.compare(right.layer, options: .numeric)
        return order == .orderedSame
            ? left.layer.utf8.lexicographicallyPrecedes(right.layer.utf8) : order == .orderedAscending
    }

    /// Numbers by their value, everything else by its bytes, numbers first.
    static func naturally(_ left: String, precedes right: String) -> Bool {
        switch (UInt64(left), UInt64(right)) {
        case (let left?, let right?) where left != right: left < right
        case (_?, nil): true
        case (nil, _?): false
        default: left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
