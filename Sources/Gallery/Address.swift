/// A relative link from one page to a file of the same output folder, percent-encoded: a name can neither leave its
/// path component, nor start a scheme or a query, nor lead to a parent folder.
struct Address: Sendable, Equatable {
    let text: String

    /// - Parameters:
    ///   - path: the file's path under the output folder, component by component.
    ///   - page: the folder of the page under the output folder, component by component.
    init(_ path: [String], from page: [String]) {
        var common = 0
        while common < path.count - 1, common < page.count, path[common] == page[common] { common += 1 }
        let steps =
            Array(repeating: "..", count: page.count - common) + path[common...].map { Address.encoded($0) }
        // A colon is encoded, so that the first component cannot be taken for a scheme.
        text = steps.joined(separator: "/")
    }

    private init(text: String) {
        self.text = text
    }

    /// The same with a fragment, as scripts read it: `#key=value&key=value`.
    func with(fragment: [(key: StaticString, value: String)]) -> Address {
        let pairs = fragment.map { "\($0.key)=\(Address.encoded($0.value))" }
        return Address(text: text + "#" + pairs.joined(separator: "&"))
    }

    /// RFC 3986: everything but unreserved characters as %XX of its UTF-8.
    static func encoded(_ component: String) -> String {
        if component == "." || component == ".." { return component.replacing(".", with: "%2E") }
        let digits = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in component.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return encoded
    }
}
