/// The order of a network's layers from its input to its objects, told from their names; and of units by number.
enum LayerOrder {
    /// Sorts before every layer that comes after it in MobileNetV2. Names of no known form come last.
    static func key(_ layer: String) -> [Int] {
        let words = layer.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        // `Conv1_relu`, `expanded_conv_project_BN`, `block_12_add`, `Conv_1_bn`, `out_relu`.
        let (stage, rest): (Int, ArraySlice<String>) =
            switch words.first {
            case "Conv1", "bn": (0, words.dropFirst())
            case "expanded": (1, words.dropFirst(2))
            case "block": (2 + blockNumber(words), words.dropFirst(2))
            case "Conv": (1000, words.dropFirst(2))
            case "out": (1001, words.dropFirst())
            default: (9999, [])
            }
        let part =
            switch rest.first {
            case "expand": 0
            case "depthwise": 1
            case "project": 2
            case "add": 3
            default: 4
            }
        return [stage, part]
    }

    private static func blockNumber(_ words: [String]) -> Int {
        let last = 900
        guard words.count > 1, let number = Int(words[1]), number >= 0 else { return last }
        return min(number, last)
    }

    /// What units of a layer typically respond to, in a network of this depth.
    static func stage(_ layer: String) -> String? {
        switch key(layer)[0] {
        case ...4: "edges and colours"
        case ...8: "textures"
        case ...14: "patterns and parts"
        case ...1001: "objects"
        default: nil
        }
    }

    static func precedes(_ left: String, _ right: String) -> Bool {
        let (leftKey, rightKey) = (key(left), key(right))
        return leftKey == rightKey
            ? naturally(left, precedes: right) : leftKey.lexicographicallyPrecedes(rightKey)
    }

    /// Numbers by their value, everything else by its bytes, numbers first.
    static func naturally(_ left: String, precedes right: String) -> Bool {
        switch (UInt64(left), UInt64(right)) {
        case (let left?, let right?) where left != right: left < right
        case (_?, nil): true
        case (nil, _?): false
        default: left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
