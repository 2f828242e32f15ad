/// The layers that a job asks for, before they are looked up.
enum LayerSelection: Sendable, Equatable {
    /// The name of a layer, a pattern, or a word of the network for some of them.
    case one(String)
    /// Of the same.
    case several([String])

    static let shape = Shape<LayerSelection>.either(
        Shape<String>(
            expectation: "the name of a layer, a pattern, a selection", kinds: [.string],
            schema: .members(["type": .string("string"), "minLength": .integer(1)]), decode: Shape<String>.text.decode,
            encode: { .string($0) }
        ).mapped(
            { .one($0) }, { if case .one(let name) = $0 { name } else { nil } }),
        Shape<[String]>.list(of: .text, count: 1...1000, "names of layers").distinct().mapped(
            { .several($0) }, { if case .several(let names) = $0 { names } else { nil } })
    ).named("layers")
}
