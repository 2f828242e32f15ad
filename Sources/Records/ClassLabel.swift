/// Labels of classes as titles show them.
public enum ClassLabel {
    private static let longest = 32

    /// The label without its synonyms ("goldfinch, Carduelis carduelis"), and not longer than a title has room for.
    public static func short(_ label: String) -> String {
        let first = label.split(separator: ",").first.map(String.init) ?? label
        return first.count <= longest ? first : first.prefix(longest - 1) + "…"
    }
}
