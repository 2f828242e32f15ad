/// Names of layers as names of folders.
enum FolderName {
    /// The longest that disks take; a few bytes are left for endings.
    private static let longest = 200

    /// The name itself, where it can be a folder as it is; otherwise with `_` for a slash, for what a terminal would
    /// obey, and for a dot at its beginning. Names of ONNX files can be anything.
    static func of(_ layer: String) -> String {
        var name = String.UnicodeScalarView()
        var count = 0
        for scalar in layer.unicodeScalars {
            let isPlain = scalar != "/" && !scalar.properties.isDefaultIgnorableCodePoint && isVisible(scalar)
            let next = isPlain ? scalar : "_"
            count += UTF8.width(next)
            if count > longest { break }
            name.append(next)
        }
        let text = String(name)
        guard let first = text.first else { return "_" }
        return first == "." ? "_" + text.dropFirst() : text
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
