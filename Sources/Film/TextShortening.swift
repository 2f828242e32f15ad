/// Texts that have to fit.
enum TextShortening {
    /// Where the ellipsis stands.
    enum Cut {
        case middle
        case end
    }

    /// The text, or what fits of it with an ellipsis, at most `limit` wide; the ellipsis alone if nothing fits.
    static func shorten(_ text: String, to limit: Double, cutting cut: Cut, _ measure: (String) -> Double) -> String {
        guard measure(text) > limit else { return text }
        let characters = Array(text)
        func shortened(_ count: Int) -> String {
            let tail = cut == .end ? 0 : count / 2
            let head = String(characters.prefix(count - tail)).trimmingSuffix(" ")
            return head + "…" + String(characters.suffix(tail))
        }
        // The longest that fits, by halving: a longer one is never narrower.
        var (fits, exceeds) = (0, characters.count)
        while exceeds - fits > 1 {
            let middle = (fits + exceeds) / 2
            if measure(shortened(middle)) <= limit { fits = middle } else { exceeds = middle }
        }
        return shortened(fits)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self[...]
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
