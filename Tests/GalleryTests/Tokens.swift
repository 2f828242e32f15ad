/// The tags of a page as a browser reads them, as far as pages of ours have any: no comments, attributes in double quotes.
struct Tokens {
    struct Tag: Equatable, CustomStringConvertible {
        var name: String
        var attributes: [String] = []
        var values: [String] = []

        /// Without values: what is markup, not data.
        var description: String { "<\(([name] + attributes).joined(separator: " "))>" }
    }

    private(set) var tags: [Tag] = []
    /// What no page of ours holds, with its place.
    private(set) var faults: [String] = []

    init(_ page: String) {
        let text = Array(page.utf8)
        var index = 0
        func word(_ isPart: (UInt8) -> Bool) -> String {
            let start = index
            while index < text.count, isPart(text[index]) { index += 1 }
            return String(decoding: text[start..<index], as: UTF8.self)
        }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A }
        while index < text.count {
            guard text[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            index += 1
            var tag = Tag(name: word { !isSpace($0) && $0 != UInt8(ascii: ">") }.lowercased())
            while index < text.count, text[index] != UInt8(ascii: ">") {
                _ = word(isSpace)
                guard index < text.count, text[index] != UInt8(ascii: ">") else { break }
                tag.attributes.append(word { !isSpace($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") })
                guard index < text.count, text[index] == UInt8(ascii: "=") else {
                    tag.values.append("")
                    continue
                }
                index += 1
                guard index < text.count, text[index] == UInt8(ascii: "\"") else {
                    faults.append("an attribute without quotes in \(tag)")
                    break
                }
                index += 1
                tag.values.append(word { $0 != UInt8(ascii: "\"") })
                index += 1
            }
            index += 1
            tags.append(tag)
            if tag.name == "script" {
                // Up to the first "</script", whatever stands around it.
                while index < text.count, !text[index...].starts(with: "</script".utf8) { index += 1 }
            }
        }
        if page.contains("<!--") { faults.append("a comment") }
    }

    /// Values of an attribute, wherever it stands, as the browser reads them.
    func values(of attribute: String) -> [String] {
        tags.flatMap { tag in
            zip(tag.attributes, tag.values).filter { $0.0 == attribute }.map {
                $0.1.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                    .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
            }
        }
    }
}
