import Disk

extension NetworkReference {
    /// The command that lists the network's layers, for messages: `facetreel layers --network mine.onnx`. Without the
    /// network's name where it is the default one.
    public func layersCommand(listsLabels: Bool = false) -> String {
        let network = file == Self.standard.file ? "" : " --network " + Self.shellWord(file)
        return "facetreel layers\(network)\(listsLabels ? " --labels" : "")"
    }

    /// A text as one word of a command: in quotes where a shell would take it for more than one, or for something else.
    /// What a terminal would obey is shown as it is written in JSON; such a word only shows which file is meant.
    private static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch UnicodeScalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "/", ":", "=", "@", "%", "+", ",", "-": true
            default: false
            }
        }
        if isPlain, !text.isEmpty { return text }
        let parts = text.printable.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: #"'\''"#) + "'"
    }
}
