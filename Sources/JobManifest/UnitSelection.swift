/// The units that a job asks for, before they are checked against a layer.
enum UnitSelection: Sendable, Equatable {
    case one(Int)
    case all
    case range(ClosedRange<Int>)
    case several([Int])
    /// The unit of a class.
    case labelled(String)

    /// No layer of the network has so many; the layer's own count is checked when it is known.
    private static let indices = 0...999_999

    /// The value of the key "unit".
    static let single = Shape<Int>.integer(indices, expectation: "the number of one unit (several go into \"units\")")
        .mapped({ UnitSelection.one($0) }, { if case .one(let unit) = $0 { unit } else { nil } })

    /// The value of the key "class".
    static let label = Shape<UnitSelection>.text(
        "the label of a class", pattern: "^.{1,200}$",
        parse: {
            (1...200).contains($0.unicodeScalars.count) && !$0.contains(where: \.isNewline) ? .labelled($0) : nil
        },
        write: { if case .labelled(let label) = $0 { label } else { nil } })

    /// The value of the key "units".
    static let several = Shape<UnitSelection>.either(
        .text(
            "\"all\", a range as \"0-95\"", pattern: "^(all|[0-9]{1,6}-[0-9]{1,6})$", parse: { parse($0) },
            write: {
                switch $0 {
                case .all: "all"
                case .range(let range): "\(range.lowerBound)-\(range.upperBound)"
                default: nil
                }
            }),
        Shape<[Int]>.list(of: .integer(indices), count: 1...100_000, "units").distinct().mapped(
            { .several($0) }, { if case .several(let units) = $0 { units } else { nil } }))

    private static func parse(_ text: String) -> UnitSelection? {
        if text == "all" { return .all }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ (1...6).contains($0.count) && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let first = Int(parts[0]), let last = Int(parts[1]), first <= last
        else { return nil }
        return .range(first...last)
    }
}
