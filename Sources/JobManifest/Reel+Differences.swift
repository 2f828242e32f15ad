import JSON

extension Reel {
    /// JSON pointers to the parts of the resolved job that have changed, such as `/neb/pivots`, in the reference's
    /// order.
    public func pointersToDifferences(from old: Reel) -> [String] {
        JSONValue.differences(old.portable.json, portable.json, at: "")
    }

    /// The same reel with only the names of its network and its pictures. Their contents decide what the film is, not
    /// their folder, and not whether the manifest says a digest.
    public var portable: Reel {
        var reel = self
        reel.network = network.portable
        reel.pictures = pictures?.portable
        let names = PictureNames(facets.compactMap(\.picture))
        for index in facets.indices {
            reel.facets[index].image = facets[index].image.map { names[$0] }
            reel.facets[index].from = facets[index].from.map { names[$0] }
            reel.facets[index].sha256 = nil
        }
        return reel
    }
}

extension JSONValue {
    /// Pointers to the smallest parts in which two values differ.
    fileprivate static func differences(_ old: JSONValue, _ new: JSONValue, at pointer: String) -> [String] {
        switch (old, new) {
        case (.object(let old), .object(let new)):
            let newKeys = new.map(\.key)
            let keys = newKeys + old.map(\.key).filter { !newKeys.contains($0) }
            return keys.flatMap { key -> [String] in
                let place = pointer + "/" + JSONPointer.escaped(key)
                guard let before = old.first(where: { $0.key == key }), let after = new.first(where: { $0.key == key })
                else { return [place] }
                return differences(before.value, after.value, at: place)
            }
        case (.array(let old), .array(let new)) where old.count == new.count:
            return zip(old, new).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, at: "\(pointer)/\(index)")
            }
        default: return old == new ? [] : [pointer.isEmpty ? "/" : pointer]
        }
    }
}
