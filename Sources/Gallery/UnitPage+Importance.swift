import JSON
import Records

/// What of the pictures matters to the unit: dark over what does not. Pictures are laid over pictures and multiplied;
/// browsers take no mask from a page that is opened from the disk.
extension UnitPage {
    /// More facets than these would be too many pictures for one film.
    private static let mostMasks = 64

    static let facetSwitch: HTML =
        "<label class=\"switch\"><input type=\"checkbox\" role=\"switch\" class=\"matters\"> Show only what matters</label>"

    /// The script shows it: without it nothing would follow the film.
    static let filmSwitch: HTML = """
        <p class="under"><label class="switch" hidden><input type="checkbox" role="switch" id="matters" autocomplete="off"> \
        Show only what matters</label></p>
        """

    func importanceOverFacet(_ index: Int) -> HTML {
        let mask = file.importance(index)
        guard files.has(mask) else { return .nothing }
        return "<span class=\"importance\" aria-hidden=\"true\">\(picture(mask))</span>"
    }

    /// One picture for each facet, in the order of the film; nothing unless all of them are there.
    var importanceOverFilm: HTML {
        let masks = file.facetFrames.prefix(Self.mostMasks + 1).map { file.importance($0.facet) }
        guard !masks.isEmpty, masks.count <= min(file.facets?.count ?? 0, Self.mostMasks), masks.allSatisfy(files.has)
        else { return .nothing }
        return "<div class=\"importance\" id=\"importance\" aria-hidden=\"true\" hidden>\(masks.map(picture))</div>"
    }

    private func picture(_ mask: [String]) -> HTML {
        "<img src=\"\(Address(folder + mask, from: folder))\" alt=\"\" loading=\"lazy\" decoding=\"async\">"
    }
}
