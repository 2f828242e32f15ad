/// The object form of a schedule while it is read.
struct ScheduleDraft: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case constant, linear, cosine, sigmoid, piecewise
    }

    var kind: Kind
    var value = 0.0
    var from = 0.0
    var to = 0.0
    /// The value of the thesis (appendix .2).
    var steepness = 8.0
    var points: [ScheduleSettings.Point] = []

    init(kind: Kind) {
        self.kind = kind
    }

    init(_ schedule: ScheduleSettings) {
        switch schedule {
        case .constant(let value):
            self.init(kind: .constant)
            self.value = value
        case .linear(let from, let to):
            self.init(kind: .linear)
            (self.from, self.to) = (from, to)
        case .cosine(let from, let to):
            self.init(kind: .cosine)
            (self.from, self.to) = (from, to)
        case .sigmoid(let from, let to, let steepness):
            self.init(kind: .sigmoid)
            (self.from, self.to, self.steepness) = (from, to, steepness)
        case .piecewise(let points):
            self.init(kind: .piecewise)
            self.points = points
        }
    }

    var schedule: ScheduleSettings {
        switch kind {
        case .constant: .constant(value)
        case .linear: .linear(from: from, to: to)
        case .cosine: .cosine(from: from, to: to)
        case .sigmoid: .sigmoid(from: from, to: to, steepness: steepness)
        case .piecewise: .piecewise(points)
        }
    }

    /// An object whose key "schedule" decides which other keys it has.
    static func shape(of value: Shape<Double>) -> Shape<ScheduleDraft> {
        let kindShape = Shape<Kind>.choice()
        let tables = Kind.allCases.map { ($0, table(of: $0, value)) }
        return Shape(
            expectation: "a schedule (an object)", kinds: [.object],
            schema: .members(["oneOf": .array(tables.map { $1.schema(start: ScheduleDraft(kind: $0)) })]),
            decode: { node, decoding in
                guard let member = node.member("schedule") else {
                    decoding.report(
                        at: node.range.lowerBound,
                        message: "expected the key \"schedule\" (\(kindShape.expectation)), found none in a schedule")
                    return nil
                }
                let kind = decoding.inside(.key("schedule")) { kindShape.decode(member.value, decoding) }
                guard let kind, let (_, table) = tables.first(where: { $0.0 == kind }) else { return nil }
                var draft = ScheduleDraft(kind: kind)
                return table.decode(node, into: &draft, decoding) ? draft : nil
            },
            encode: { draft in tables.first { $0.0 == draft.kind }?.1.encode(draft) })
    }

    /// The keys of one kind of schedule; its strengths have the form of `value`.
    static func table(of kind: Kind, _ value: Shape<Double>) -> FieldTable<ScheduleDraft> {
        let kindField = Field<ScheduleDraft>(
            "schedule", .choice([(kind.rawValue, kind)]), isRequired: true, "How the value moves.",
            set: { $0.kind = $1 }, get: { $0.kind })
        let from = Field<ScheduleDraft>("from", \.from, value, isRequired: true, "The value that it comes from.")
        let to = Field<ScheduleDraft>("to", \.to, value, isRequired: true, "The value that it goes to.")
        switch kind {
        case .constant:
            return FieldTable(
                noun: "a constant schedule", summary: "The same value at every step; a plain number says the same.",
                fields: [kindField, Field("value", \.value, value, isRequired: true, "The value.")])
        case .linear:
            return FieldTable(
                noun: "a linear schedule", summary: "A straight line over the steps.", fields: [kindField, from, to])
        case .cosine:
            return FieldTable(
                noun: "a cosine schedule", summary: "Half a cosine wave: slow, fast, slow.",
                fields: [kindField, from, to])
        case .sigmoid:
            return FieldTable(
                noun: "a sigmoid schedule",
                summary: "from + (to - from) sigmoid((step / steps - 1/2) steepness): the thesis' schedule for blurs.",
                fields: [
                    kindField, from, to,
                    Field(
                        "steepness", \.steepness, .number(0...1000, isAboveMinimum: true), "How sudden the change is."),
                ])
        case .piecewise:
            return FieldTable(
                noun: "a piecewise schedule",
                summary: "Straight lines through points, constant before the first and after the last.",
                fields: [
                    kindField,
                    Field(
                        "points", \.points, points(of: value), isRequired: true,
                        "The points, in ascending order of \"at\"."),
                ])
        }
    }

    private static func points(of value: Shape<Double>) -> Shape<[ScheduleSettings.Point]> {
        let table = ScheduleSettings.Point.table(of: value)
        let point = Shape<ScheduleSettings.Point>(
            expectation: "\(table.noun) (an object)", kinds: [.object], schema: table.schema(start: nil),
            decode: { node, decoding in
                var point = ScheduleSettings.Point(preset: decoding.preset)
                return table.decode(node, into: &point, decoding) ? point : nil
            },
            encode: { table.encode($0) })
        return .list(of: point, count: 1...64, "points").checked { points, node, decoding in
            for index in points.indices.dropFirst() where points[index].at <= points[index - 1].at {
                decoding.inside(.index(index)) {
                    let place = node.elements[index].member("at")?.value ?? node
                    decoding.report(
                        at: place.range.lowerBound, .key("at"),
                        message: "expected a moment after the point before (\(points[index - 1].at)), "
                            + "found \(points[index].at)")
                }
            }
        }
    }
}
