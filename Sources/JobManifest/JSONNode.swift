/// A value of a JSON text, with its place in the bytes.
struct JSONNode: Sendable {
    enum Content: Sendable {
        case null
        case boolean(Bool)
        /// The number itself is not kept here: its literal is read from the text when it is needed.
        case number
        case string(String)
        case array([JSONNode])
        case object([JSONMember])
    }

    enum Kind: Sendable {
        case null, boolean, number, string, array, object
    }

    let content: Content
    /// Byte range in the text.
    let range: Range<Int>

    var kind: Kind {
        switch content {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// Nil for any other value than a boolean.
    var boolean: Bool? {
        if case .boolean(let value) = content { value } else { nil }
    }

    /// Nil for any other value than a string.
    var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The members of an object; empty for any other value.
    var members: [JSONMember] {
        if case .object(let members) = content { members } else { [] }
    }

    /// The elements of an array; empty for any other value.
    var elements: [JSONNode] {
        if case .array(let elements) = content { elements } else { [] }
    }

    /// The first member of that name.
    func member(_ key: String) -> JSONMember? {
        members.first { $0.key == key }
    }
}

/// A key of an object and its value.
struct JSONMember: Sendable {
    let key: String
    /// Byte offset of the key's opening quotation mark.
    let keyOffset: Int
    let value: JSONNode
}
