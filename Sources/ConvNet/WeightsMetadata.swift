/// What a weights file's metadata says of the model: the padding and the input normalisation.
enum WeightsMetadata {
    /// Colour statistics of the training images on 0...1.
    struct Normalization: Sendable, Equatable {
        let mean: [Double]
        let standardDeviation: [Double]
    }

    static func padding(_ file: SafetensorsFile) throws(WeightsError) -> Network.Padding {
        let text = try entry("padding", in: file)
        guard let padding = Network.Padding(rawValue: text) else {
            throw .unfit(
                file: file.path, place: "metadata entry padding",
                reason: "is \(SafetensorsError.quoted(text)); known are \"symmetric\" and \"after\"")
        }
        return padding
    }

    static func normalization(_ file: SafetensorsFile) throws(WeightsError) -> Normalization {
        let normalization = Normalization(
            mean: try numbers("normalization_mean", in: file),
            standardDeviation: try numbers("normalization_std", in: file))
        guard normalization.standardDeviation.allSatisfy({ $0 > 0 }) else {
            throw .unfit(
                file: file.path, place: "metadata entry normalization_std", reason: "has a value that is not positive")
        }
        return normalization
    }

    private static func numbers(_ key: String, in file: SafetensorsFile) throws(WeightsError) -> [Double] {
        let text = try entry(key, in: file)
        let values = text.split(separator: ",").map { Double($0.filter { !$0.isWhitespace && $0 != "[" && $0 != "]" }) }
        guard values.count == Image.channelCount, values.allSatisfy({ $0?.isFinite == true }) else {
            throw .unfit(
                file: file.path, place: "metadata entry \(key)",
                reason: "is \(SafetensorsError.quoted(text)); expected three numbers for red, green, blue")
        }
        return values.compactMap { $0 }
    }

    private static func entry(_ key: String, in file: SafetensorsFile) throws(WeightsError) -> String {
        guard let text = file.metadata[key] else {
            throw .unfit(file: file.path, place: "metadata", reason: "has no entry \(key)")
        }
        return text
    }
}
