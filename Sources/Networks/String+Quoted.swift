import Disk

extension String {
    /// A name from a file as messages show it: in quotes, on one line, and not longer than 120 characters.
    var quoted: String {
        let longest = 120
        return "\"" + String(prefix(longest)).printable + (count > longest ? "..." : "") + "\""
    }

    /// With its first letter in upper case.
    var sentence: String { prefix(1).uppercased() + dropFirst() }
}
