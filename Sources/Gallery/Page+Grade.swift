import Records

extension Page {
    /// A grade as a letter in its colour.
    static func letter(_ grade: FilmRecord.Trust.Grade, isLarge: Bool = false) -> HTML {
        """
        <span class="letter\(isLarge ? " large" : "" as HTML)" data-grade="\(grade.rawValue)">\
        <span class="unseen">grade </span>\(grade.rawValue)</span>
        """
    }

    /// How many films have each grade; nothing where none has one.
    static func grades(_ counts: GradeCounts) -> HTML {
        guard counts.all > 0 else { return .nothing }
        let items = FilmRecord.Trust.Grade.allCases.map { letter -> HTML in
            "<li><span class=\"letter\" data-grade=\"\(letter.rawValue)\">\(letter.rawValue)</span> \(counts[letter].grouped)</li>"
        }
        return """
            <div class="grades">Can they be trusted? <ul aria-label="Films by grade">\(items)</ul></div>
            """
    }
}
