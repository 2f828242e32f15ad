/// The layers that a job asks for, before they are looked up.
enum LayerSelection: Sendable, Equatable {
    case one(String)
    /// Every `*_project_BN`.
    case projection
    case several([String])

    static let projectionSuffix = "_project_BN"

    static let shape = Shape<LayerSelection>.either(
        Shape<String>(
            expectation: "the name of a layer, \"projection\"", kinds: [.string],
            schema: .members(["type": .string("string"), "minLength": .integer(1)]), decode: Shape<String>.text.decode,
            encode: { .string($0) }
        ).mapped(
            { $0 == "projection" ? .projection : .one($0) },
            {
                switch $0 {
                case .one(let name): name
                case .projection: "projection"
                case .several: nil
                }
            }),
        Shape<[String]>.list(of: .text, count: 1...1000, "names of layers").distinct().mapped(
            { .several($0) }, { if case .several(let names) = $0 { names } else { nil } })
    ).named("layers")
}
