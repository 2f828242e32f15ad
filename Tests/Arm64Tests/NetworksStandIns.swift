// Compiled into Networks on arm64, in place of what needs more than Embedded Swift has.

extension NetworkCard {
    /// In place of a card that is read, which needs Foundation's files: what rendering needs of MobileNetV2's.
    static func read(beside network: String, allowsEmpty: Bool) throws(NetworkError) -> NetworkCard? {
        var card = NetworkCard()
        card.mean = [0.485, 0.456, 0.406]
        card.standardDeviation = [0.229, 0.224, 0.225]
        return card
    }

    mutating func apply(_ reference: NetworkReference) throws(NetworkError) {}
    func check(digest: String, of path: String) throws(NetworkError) {}
    static func path(beside network: String) -> String { network }
}

/// In place of libavutil's: digests name what is stored, and nothing is.
enum SHA256 {
    static func hexDigest(of bytes: some Collection<UInt8>) -> String { "" }
}

extension ONNXModel {
    func digest() throws(NetworkError) -> String { "" }
    func fileDigest() throws(NetworkError) -> String { "" }
}

/// In place of JSON's, which looks into texts with Foundation: no name is near.
enum NearestName {
    static func hint(for text: String, among names: [String]) -> String { "" }
}
