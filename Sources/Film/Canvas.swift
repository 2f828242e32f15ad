import CCairo

/// A drawing surface: cairo with one FreeType face, hinting off and grey antialiasing, so that the same drawing gives
/// the same bytes.
final class Canvas {
    /// Red, green, blue on 0...1.
    struct Color: Sendable {
        let red: Double
        let green: Double
        let blue: Double

        init(_ hex: UInt32) {
            (red, green, blue) = (Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
        }
    }

    enum Alignment {
        case left
        case center
        case right
    }

    let width: Int
    let height: Int
    private let surface: OpaquePointer
    private let context: OpaquePointer

    init(width: Int, height: Int, font: Font) throws(FilmError) {
        self.width = width
        self.height = height
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            let context = cairo_create(surface), cairo_status(context) == CAIRO_STATUS_SUCCESS
        else { throw FilmError(place: "graph", reason: "cairo cannot make a surface of \(width)x\(height)") }
        self.surface = surface
        self.context = context
        cairo_set_font_face(context, font.face)
        let options = cairo_font_options_create()
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_set_font_options(context, options)
        cairo_font_options_destroy(options)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    }

    /// Continues a drawing.
    convenience init(_ snapshot: Snapshot, font: Font) throws(FilmError) {
        try self.init(width: snapshot.width, height: snapshot.height, font: font)
        cairo_surface_flush(surface)
        guard let data = cairo_image_surface_get_data(surface) else { return }
        let stride = Int(cairo_image_surface_get_stride(surface))
        snapshot.words.withUnsafeBytes { words in
            for row in 0..<height {
                let line = UnsafeRawBufferPointer(rebasing: words[row * width * 4..<(row + 1) * width * 4])
                UnsafeMutableRawBufferPointer(start: data + row * stride, count: width * 4).copyMemory(from: line)
            }
        }
        cairo_surface_mark_dirty(surface)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func fill(_ color: Color) {
        set(color, 1)
        cairo_paint(context)
    }

    func line(
        _ points: [(x: Double, y: Double)], _ color: Color, width: Double, opacity: Double = 1, dash: [Double] = []
    ) {
        trace(points)
        set(color, opacity)
        cairo_set_line_width(context, width)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        cairo_stroke(context)
        cairo_set_dash(context, nil, 0, 0)
    }

    /// The area between a line and the height `base`, which fades from `opacity` at `top` and `bottom` to almost
    /// nothing at the base.
    func area(
        _ points: [(x: Double, y: Double)], base: Double, top: Double, bottom: Double, _ color: Color, opacity: Double
    ) {
        guard let first = points.first, let last = points.last else { return }
        trace([(first.x, base)] + points + [(last.x, base)])
        cairo_close_path(context)
        let fade = cairo_pattern_create_linear(0, top, 0, bottom)
        for (place, opacity) in [(0, opacity), ((base - top) / (bottom - top), opacity / 8), (1, opacity)] {
            cairo_pattern_add_color_stop_rgba(fade, place, color.red, color.green, color.blue, opacity)
        }
        cairo_set_source(context, fade)
        cairo_fill(context)
        cairo_pattern_destroy(fade)
    }

    func disc(x: Double, y: Double, radius: Double, _ color: Color, opacity: Double = 1) {
        cairo_new_sub_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
        set(color, opacity)
        cairo_fill(context)
    }

    /// Text with its baseline at `y`. Filled outlines, because cairo sets glyphs at whole pixels, unevenly.
    func text(_ text: String, x: Double, y: Double, size: Double, _ color: Color, _ alignment: Alignment = .left) {
        let shift = alignment == .left ? 0 : width(of: text, size: size) * (alignment == .center ? 0.5 : 1)
        cairo_set_font_size(context, size)
        set(color, 1)
        cairo_move_to(context, x - shift, y)
        cairo_text_path(context, text)
        cairo_fill(context)
    }

    /// Text turned to run upwards, centred on `y`.
    func verticalText(_ text: String, x: Double, y: Double, size: Double, _ color: Color) {
        cairo_save(context)
        cairo_translate(context, x, y + width(of: text, size: size) / 2)
        cairo_rotate(context, -Double.pi / 2)
        self.text(text, x: 0, y: 0, size: size, color)
        cairo_restore(context)
    }

    func width(of text: String, size: Double) -> Double {
        cairo_set_font_size(context, size)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }

    /// What is drawn so far.
    /// - Throws: `FilmError` where cairo could not draw something.
    func snapshot() throws(FilmError) -> Snapshot {
        cairo_surface_flush(surface)
        let status = cairo_status(context)
        guard status == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface) else {
            throw FilmError(place: "graph", reason: String(cString: cairo_status_to_string(status)))
        }
        let stride = Int(cairo_image_surface_get_stride(surface))
        let words = [UInt32](unsafeUninitializedCapacity: width * height) { words, count in
            for row in 0..<height {
                UnsafeMutableRawPointer(words.baseAddress.unsafelyUnwrapped + row * width)
                    .copyMemory(from: data + row * stride, byteCount: width * 4)
            }
            count = width * height
        }
        return Snapshot(width: width, height: height, words: words)
    }

    /// A drawing as plain numbers, for any thread: pixman counts the references to a surface's image without a lock.
    struct Snapshot: Sendable {
        let width: Int
        let height: Int
        /// `[height, width]`, 0xRRGGBB; the upper byte means nothing.
        let words: [UInt32]

        func bitmap() -> Bitmap {
            let pixels = [UInt8](unsafeUninitializedCapacity: words.count * 3) { pixels, count in
                for (index, word) in words.enumerated() {
                    pixels[3 * index] = UInt8(truncatingIfNeeded: word >> 16)
                    pixels[3 * index + 1] = UInt8(truncatingIfNeeded: word >> 8)
                    pixels[3 * index + 2] = UInt8(truncatingIfNeeded: word)
                }
                count = words.count * 3
            }
            return Bitmap(width: width, height: height, pixels: pixels)
        }
    }

    private func trace(_ points: [(x: Double, y: Double)]) {
        cairo_new_path(context)
        for (index, point) in points.enumerated() {
            if index == 0 { cairo_move_to(context, point.x, point.y) } else { cairo_line_to(context, point.x, point.y) }
        }
    }

    private func set(_ color: Color, _ opacity: Double) {
        cairo_set_source_rgba(context, color.red, color.green, color.blue, opacity)
    }
}
