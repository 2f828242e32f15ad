import JSON

/// The state while one manifest is read: the present place in it, the defaults, and what is wrong so far.
final class ManifestDecoding {
    /// Nobody reads more messages than this. It limits what a hostile file can make us write.
    static let greatestFaultCount = 1000

    let source: SourceText
    /// The preset of the job that is being read.
    var preset = Preset.default
    private(set) var faults: [JSONFault] = []
    /// Counts all reports, also those for which `faults` has no room. If it has not changed, all went well.
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

    /// Notes a fault of the value at byte `offset`; `steps` lead to it from the present place.
    func report(at offset: Int, _ steps: JSONPointer.Step..., message: @autoclosure () -> String) {
        report(at: offset, path: steps, message: message())
    }

    func report(at offset: Int, path steps: [JSONPointer.Step], message: @autoclosure () -> String) {
        reportCount += 1
        if faults.count < Self.greatestFaultCount {
            faults.append(JSONFault(offset: offset, path: path + steps, message: message()))
        } else if faults.count == Self.greatestFaultCount {
            // It was found last, so it comes last among the faults at the end of the text.
            let end = source.bytes.count
            faults.append(
                JSONFault(
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
