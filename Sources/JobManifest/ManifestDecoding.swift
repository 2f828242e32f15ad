/// The state of reading one manifest: where the reading stands, what holds where nothing is said, and what went wrong.
final class ManifestDecoding {
    /// Nobody reads more; it bounds what a hostile file can make us write.
    static let greatestFaultCount = 1000

    let source: SourceText
    /// The preset of the job that is being read.
    var preset = Preset.default
    private(set) var faults: [Fault] = []
    /// Goes on where `faults` is cut short: who compares it before and after learns whether all went well.
    private(set) var reportCount = 0
    private var path: [JSONPointer.Step] = []

    init(_ source: SourceText) {
        self.source = source
    }

    /// Runs `body` one step further inside the document.
    func inside<Result>(_ step: JSONPointer.Step, _ body: () -> Result) -> Result {
        path.append(step)
        defer { path.removeLast() }
        return body()
    }

    /// Notes a fault of the value whose place is `offset`; `steps` lead to it from where the reading stands.
    func report(at offset: Int, _ steps: JSONPointer.Step..., message: @autoclosure () -> String) {
        reportCount += 1
        if faults.count < Self.greatestFaultCount {
            faults.append(Fault(offset: offset, path: path + steps, message: message()))
        } else if faults.count == Self.greatestFaultCount {
            // Stands last, since it is found last, among the faults of the end of the text.
            let end = source.bytes.count
            faults.append(
                Fault(
                    offset: end, path: [],
                    message: "more than \(Self.greatestFaultCount) errors: the rest is not listed"))
        }
    }

    /// Notes that a value is not what was expected.
    func report(_ node: JSONNode, expected: String, hint: String = "") {
        report(at: node.range.lowerBound, message: "expected \(expected), found \(found(node))\(hint)")
    }

    /// What a value is, as a message names it.
    func found(_ node: JSONNode) -> String {
        switch node.content {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number: Printable.text(literal(of: node), limit: 40)
        case .string(let text): Printable.quoted(text)
        case .array(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .object: "an object"
        }
    }

    /// The text of a number.
    func literal(of node: JSONNode) -> String {
        source.text(node.range)
    }
}
