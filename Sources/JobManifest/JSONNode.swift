/// A value of a JSON text, with its place in the bytes.
struct JSONNode: Sendable {
    enum Content: Sendable {
        case null
        case boolean(Bool)
        /// What the literal says is read from the text by whoever wants a number of it.
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

    /// The members of an object; of any other value, none.
    var members: [JSONMember] {
        if case .object(let members) = content { members } else { [] }
    }

    /// The elements of an array; of any other value, none.
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
