import CCairo
import Foundation

/// The one typeface of all films, from a file and not through the system's font matching, which differs from machine
/// to machine.
///
/// Loaded once for the process and never freed: cairo keeps references to it in caches of its own, and locks it while
/// it draws, so that threads may share it.
final class Font: @unchecked Sendable {
    /// The file of Debian's fonts-dejavu-core, then the places of other distributions.
    static let places = [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    ]

    let face: OpaquePointer

    private static let loaded = Result { () throws(FilmError) -> Font in try Font(anyOf: places) }

    /// - Throws: `FilmError` with the package to install.
    static func shared() throws(FilmError) -> Font { try loaded.get() }

    /// Loads the first of the files that exists.
    init(anyOf places: [String]) throws(FilmError) {
        guard let path = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw FilmError(
                place: places.first ?? "typeface", reason: "the typeface of the graph is missing",
                remedy: "run `apt-get install fonts-dejavu-core`")
        }
        var library: FT_Library?
        var freeTypeFace: FT_Face?
        guard FT_Init_FreeType(&library) == 0, FT_New_Face(library, path, 0, &freeTypeFace) == 0,
            let face = cairo_ft_font_face_create_for_ft_face(freeTypeFace, Int32(FT_LOAD_NO_HINTING))
        else {
            throw FilmError(
                place: path, reason: "cannot be read as a typeface",
                remedy: "run `apt-get install --reinstall fonts-dejavu-core`")
        }
        self.face = face
    }
}
