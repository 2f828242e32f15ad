import Disk
import JSON

extension NetworkCard {
    /// Where the card of a network file is looked for: `nets/mine.json` for `nets/mine.onnx`.
    public static func path(beside network: String) -> String {
        (network.hasSuffix(".onnx") ? String(network.dropLast(5)) : network) + ".json"
    }

    /// The card that lies beside a network file; nil if there is none.
    /// - Parameter allowsEmpty: a file without a byte is no card: a shell makes one before the program starts that
    ///   prints the card into it.
    /// - Throws: `NetworkError` if there is one that cannot be used.
    public static func read(beside network: String, allowsEmpty: Bool = false) throws(NetworkError) -> NetworkCard? {
        let path = path(beside: network)
        do throws(DiskError) {
            _ = try OpenFile(path: path)
        } catch {
            if error.errorNumber != nil, error.kind == .notFound { return nil }
        }
        let bytes = try Self.bytes(of: path)
        if bytes.isEmpty {
            if allowsEmpty { return nil }
            throw NetworkError(
                file: path, reason: "is empty",
                remedy: "Fill it in, beginning with what `facetreel inspect \(network) --card` prints, or remove it")
        }
        return try NetworkCard(bytes: bytes, path: path)
    }

    private static func bytes(of path: String) throws(NetworkError) -> [UInt8] {
        do throws(DiskError) {
            return try WholeFile.bytes(of: path, limit: SourceText.largestByteCount)
        } catch {
            throw NetworkError(error)
        }
    }

    /// Reads a card, and the file with the labels that it may name.
    /// - Throws: `NetworkError` for the first fault, with its place: `/mean`, or line and column of what is no JSON.
    public init(path: String) throws(NetworkError) {
        try self.init(bytes: try Self.bytes(of: path), path: path)
    }

    /// Reads a card from memory.
    /// - Parameter path: its name in errors; files that it names lie in its folder.
    public init(bytes: [UInt8], path: String) throws(NetworkError) {
        let source = SourceText(file: path, bytes: bytes, noun: "card")
        let root: JSONNode
        do throws(JSONFault) {
            root = try JSONScanner.scan(source)
        } catch {
            let (line, column) = source.places(ofAscending: [error.offset])[0]
            throw NetworkError(file: path, place: "line \(line), column \(column)", reason: error.message)
        }
        self.init()
        try CardReader(source: source).read(root, into: &self)
    }

    /// What a manifest says of the network counts more than what its card says.
    /// - Throws: `NetworkError` if the file with the labels that it names cannot be used.
    public mutating func apply(_ reference: NetworkReference) throws(NetworkError) {
        if let mean = reference.mean { self.mean = mean }
        if let deviation = reference.standardDeviation { standardDeviation = deviation }
        if let path = reference.labels { (labels, labelsFile) = (try Labels.read(path), nil) }
    }

    /// Is this the card of the network file with that digest? So it is where it names none.
    /// - Parameters:
    ///   - digest: `ONNXModel.fileDigest()`
    ///   - network: the network's path, for the error.
    public func check(digest: String, of network: String) throws(NetworkError) {
        guard let sha256, sha256 != digest else { return }
        throw NetworkError(
            file: network, reason: "has the SHA-256 \(digest), its card says \(sha256)",
            remedy: "Fetch the network that the card was written for, or correct \"sha256\" in "
                + Self.path(beside: network))
    }
}

/// Reads the members of a card.
private struct CardReader {
    let source: SourceText

    private static let keys = [
        "name", "mean", "standardDeviation", "colorOrder", "size", "labels", "selections", "perceptualLayers",
        "benchmarkLayers", "standardLayer", "source", "licence", "sha256",
    ]
    private static let longestText = 1000
    private static let greatestLayerCount = 1000
    /// Colors are 0...1: what is beyond was meant for 0...255.
    private static let greatestColor = 10.0

    func read(_ root: JSONNode, into card: inout NetworkCard) throws(NetworkError) {
        guard case .object(let members) = root.content else {
            throw fault([], "expected a card (a JSON object), found \(found(root))")
        }
        var seen: Set<String> = []
        for member in members {
            let (key, node) = (member.key, member.value)
            let path = [JSONPointer.Step.key(key)]
            guard Self.keys.contains(key) else {
                let nearest = NearestName.hint(for: key, among: Self.keys)
                throw fault(
                    path,
                    "is no key of a card"
                        + (nearest.isEmpty ? "; its keys are " + Self.keys.joined(separator: ", ") : nearest))
            }
            guard seen.insert(key).inserted else {
                throw fault(path, "comes twice", remedy: "Remove one of them")
            }
            // Not known, as in a card that is still to be filled in.
            if node.kind == .null { continue }
            switch key {
            case "name": card.name = try text(node, path)
            case "mean": card.mean = try colors(node, path, isPositive: false)
            case "standardDeviation": card.standardDeviation = try colors(node, path, isPositive: true)
            case "colorOrder": card.colorOrder = try colorOrder(node, path)
            case "size": (card.height, card.width) = try size(node, path)
            case "labels": (card.labels, card.labelsFile) = (try labels(node, path), node.text)
            case "selections": card.selections = try selections(node, path)
            case "perceptualLayers": card.perceptualLayers = try layers(node, path)
            case "benchmarkLayers": card.benchmarkLayers = try layers(node, path)
            case "standardLayer": card.standardLayer = try text(node, path)
            case "source": card.source = try text(node, path)
            case "licence": card.licence = try text(node, path)
            default: card.sha256 = try digest(node, path)
            }
        }
        if let mean = card.mean, let deviation = card.standardDeviation, mean.count != deviation.count {
            throw fault(
                [.key("standardDeviation")],
                "expected as many numbers as \"mean\" has (\(mean.count)), found "
                    + "\(deviation.count)")
        }
    }

    // MARK: Values

    private func text(_ node: JSONNode, _ path: [JSONPointer.Step]) throws(NetworkError) -> String {
        guard let text = node.text, !text.isEmpty, text.utf8.count <= Self.longestText else {
            throw unexpected(node, path, "a text of 1 to \(Self.longestText) bytes")
        }
        return text
    }

    private func colors(
        _ node: JSONNode, _ path: [JSONPointer.Step], isPositive: Bool
    ) throws(NetworkError) -> [Double] {
        let nodes = node.kind == .array ? node.elements : [node]
        guard nodes.count == 1 || nodes.count == 3 else {
            throw unexpected(node, path, "three numbers, one for a grey image", remedy: "")
        }
        var colors: [Double] = []
        for (index, inner) in nodes.enumerated() {
            let place = node.kind == .array ? path + [.index(index)] : path
            guard inner.kind == .number, let value = Double(source.text(inner.range)), value.isFinite else {
                throw unexpected(inner, place, node.kind == .array ? "a number" : "one number or three")
            }
            guard abs(value) <= Self.greatestColor else {
                throw unexpected(
                    inner, place, "a number for colors in 0...1",
                    remedy: "Divide numbers for colors in 0...255 by 255")
            }
            guard !isPositive || value > 0 else { throw unexpected(inner, place, "a number above 0") }
            colors.append(value)
        }
        return colors
    }

    private func colorOrder(_ node: JSONNode, _ path: [JSONPointer.Step]) throws(NetworkError) -> NetworkCard.ColorOrder
    {
        guard let order = node.text.flatMap(NetworkCard.ColorOrder.init) else {
            throw unexpected(node, path, "\"RGB\" or \"BGR\"")
        }
        return order
    }

    private func size(_ node: JSONNode, _ path: [JSONPointer.Step]) throws(NetworkError) -> (height: Int, width: Int) {
        let nodes = node.kind == .array ? node.elements : [node, node]
        guard nodes.count == 2 else { throw unexpected(node, path, "a number of pixels, or [height, width]") }
        var sides: [Int] = []
        for (index, inner) in nodes.enumerated() {
            let literal = source.text(inner.range)
            guard inner.kind == .number, let side = DecimalLiteral.wholeNumber(literal, as: Int.self),
                (1...4096).contains(side)
            else {
                throw unexpected(
                    inner, node.kind == .array ? path + [.index(index)] : path, "a whole number from 1 to 4096")
            }
            sides.append(side)
        }
        return (sides[0], sides[1])
    }

    private func labels(_ node: JSONNode, _ path: [JSONPointer.Step]) throws(NetworkError) -> [String] {
        if let name = node.text {
            guard !name.isEmpty, name.utf8.count <= 255, !name.contains("/"), name != ".", name != "..",
                !name.utf8.contains(0)
            else {
                throw unexpected(node, path, "labels, or the name (at most 255 bytes) of a text file beside the card")
            }
            let file = source.file
            let folder = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[...$0]) } ?? ""
            return try Labels.read(folder + name)
        }
        guard node.kind == .array, (1...Labels.greatestCount).contains(node.elements.count) else {
            throw unexpected(
                node, path, "1 to \(Labels.greatestCount) labels, or the name of a text file beside the card")
        }
        var labels: [String] = []
        for (index, inner) in node.elements.enumerated() {
            guard let label = inner.text, Labels.isLabel(label) else {
                throw unexpected(
                    inner, path + [.index(index)], "a label on one line, of 1 to \(Labels.greatestLength) bytes")
            }
            labels.append(label)
        }
        return labels
    }

    private func selections(
        _ node: JSONNode, _ path: [JSONPointer.Step]
    ) throws(NetworkError) -> [NetworkCard.Selection] {
        guard case .object(let members) = node.content, members.count <= Self.greatestLayerCount else {
            throw unexpected(node, path, "an object of at most \(Self.greatestLayerCount) names and their layers")
        }
        var selections: [NetworkCard.Selection] = []
        var seen: Set<String> = []
        for member in members {
            let place = path + [.key(member.key)]
            guard (1...100).contains(member.key.utf8.count) else {
                throw fault(place, "expected a name of 1 to 100 bytes")
            }
            guard seen.insert(member.key).inserted else {
                throw fault(place, "comes twice", remedy: "Remove one of them")
            }
            let layers =
                member.value.kind == .string ? [try text(member.value, place)] : try layers(member.value, place)
            guard !layers.isEmpty else { throw unexpected(member.value, place, "at least one layer") }
            selections.append(NetworkCard.Selection(name: member.key, layers: layers))
        }
        return selections
    }

    private func layers(_ node: JSONNode, _ path: [JSONPointer.Step]) throws(NetworkError) -> [String] {
        guard node.kind == .array, node.elements.count <= Self.greatestLayerCount else {
            throw unexpected(node, path, "a list of at most \(Self.greatestLayerCount) layers")
        }
        var layers: [String] = []
        for (index, inner) in node.elements.enumerated() {
            layers.append(try text(inner, path + [.index(index)]))
        }
        return layers
    }

    private func digest(_ node: JSONNode, _ path: [JSONPointer.Step]) throws(NetworkError) -> String {
        guard let text = node.text, text.utf8.count == 64, text.allSatisfy({ $0.isHexDigit }) else {
            throw unexpected(node, path, "64 hexadecimal digits, as sha256sum prints them")
        }
        return text.lowercased()
    }

    // MARK: Faults

    private func unexpected(
        _ node: JSONNode, _ path: [JSONPointer.Step], _ expected: String, remedy: String = ""
    ) -> NetworkError {
        fault(path, "expected \(expected), found \(found(node))", remedy: remedy)
    }

    private func fault(_ path: [JSONPointer.Step], _ reason: String, remedy: String = "") -> NetworkError {
        NetworkError(
            file: source.file, place: path.isEmpty ? nil : JSONPointer.text(path), reason: reason, remedy: remedy)
    }

    private func found(_ node: JSONNode) -> String {
        switch node.content {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number: Printable.text(source.text(node.range), limit: 40)
        case .string(let text): Printable.quoted(text)
        case .array(let elements): elements.isEmpty ? "an empty list" : "a list of \(elements.count)"
        case .object: "an object"
        }
    }
}
