/// A pattern for reel folders `name/layer/unit`: `*` stands for any run of characters within one part, `?` for one
/// character, `[abc]`, `[a-c]` and `[!abc]` for one of a set, `**` for any run across parts.
///
/// A pattern of fewer parts selects everything below what it matches: `eyes` is `eyes/**`.
public struct Glob: Sendable, Equatable {
    public let pattern: String
    private let tokens: [Token]

    private enum Token: Sendable, Equatable {
        case literal(Character)
        case anyOne
        case anyRun
        case anyRunAcross
        case oneOf([ClosedRange<Character>], isNegated: Bool)
    }

    public init(_ pattern: String) throws {
        guard !pattern.isEmpty else { throw MalformedArgument(description: "an empty pattern matches nothing") }
        self.pattern = pattern
        var tokens: [Token] = []
        var rest = Substring(pattern)
        while let character = rest.popFirst() {
            switch character {
            case "*":
                if rest.first == "*" {
                    rest = rest.drop { $0 == "*" }
                    tokens.append(.anyRunAcross)
                } else {
                    tokens.append(.anyRun)
                }
            case "?": tokens.append(.anyOne)
            case "[": tokens.append(try Self.set(&rest, in: pattern))
            default: tokens.append(.literal(character))
            }
        }
        self.tokens = tokens
    }

    /// The rest of a set after its `[`.
    private static func set(_ rest: inout Substring, in pattern: String) throws -> Token {
        let isNegated = rest.first == "!"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        // A bracket that comes first is a member, as in every shell.
        while let low = rest.popFirst() {
            if low == "]", !ranges.isEmpty { return .oneOf(ranges, isNegated: isNegated) }
            var high = low
            if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
                rest = rest.dropFirst(2)
                high = end
            }
            guard low <= high else {
                throw MalformedArgument(description: "the range \(low)-\(high) in \"\(pattern)\" runs backwards")
            }
            ranges.append(low...high)
        }
        throw MalformedArgument(description: "\"\(pattern)\" has a [ without its ]")
    }

    /// Whether `folder`, or a folder above it, is what the pattern describes.
    public func matches(_ folder: String) -> Bool {
        let characters = Array(folder)
        // The set of places in `characters` that the tokens so far may have reached: linear in both lengths, where
        // backtracking would be exponential in the number of stars.
        var reached = [Bool](repeating: false, count: characters.count + 1)
        reached[0] = true
        for token in tokens {
            var next = [Bool](repeating: false, count: reached.count)
            for place in 0...characters.count where reached[place] {
                switch token {
                case .anyRun, .anyRunAcross:
                    var end = place
                    next[end] = true
                    while end < characters.count, token == .anyRunAcross || characters[end] != "/" {
                        end += 1
                        // What lies beyond has been marked from here before.
                        if next[end] { break }
                        next[end] = true
                    }
                default:
                    if place < characters.count, Self.accepts(token, characters[place]) { next[place + 1] = true }
                }
            }
            reached = next
        }
        return reached[characters.count]
            || characters.indices.contains { reached[$0] && $0 > 0 && characters[$0] == "/" }
    }

    private static func accepts(_ token: Token, _ character: Character) -> Bool {
        switch token {
        case .literal(let literal): literal == character
        case .anyOne: character != "/"
        case .oneOf(let ranges, let isNegated):
            character != "/" && ranges.contains { $0.contains(character) } != isNegated
        case .anyRun, .anyRunAcross: false
        }
    }
}
