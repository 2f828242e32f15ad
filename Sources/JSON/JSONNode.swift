/// A value of a JSON text, with its place in the bytes.
package struct JSONNode: Sendable {
    package enum Content: Sendable {
        case null
        case boolean(Bool)
        /// The number itself is not kept here: its literal is read from the text when it is needed.
        case number
        case string(String)
        case array([JSONNode])
        case object([JSONMember])
    }

    package enum Kind: Sendable {
        case null, boolean, number, string, array, object
    }

    package let content: Content
    /// Byte range in the text.
    package let range: Range<Int>

    package var kind: Kind {
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
    package var boolean: Bool? {
        if case .boolean(let value) = content { value } else { nil }
    }

    /// Nil for any other value than a string.
    package var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The members of an object; empty for any other value.
    package var members: [JSONMember] {
        if case .object(let members) = content { members } else { [] }
    }

    /// The elements of an array; empty for any other value.
    package var elements: [JSONNode] {
        if case .array(let elements) = content { elements } else { [] }
    }

    /// The first member of that name.
    package func member(_ key: String) -> JSONMember? {
        members.first { $0.key == key }
    }
}

/// A key of an object and its value.
package struct JSONMember: Sendable {
    package let key: String
    /// Byte offset of the key's opening quotation mark.
    package let keyOffset: Int
    package let value: JSONNode
}
