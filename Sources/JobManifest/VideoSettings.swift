/// The film itself. Changing it encodes anew and optimises nothing.
public struct VideoSettings: Sendable, Equatable, Codable {
    /// 1...120.
    public var framesPerSecond: Int
    /// Whether the graph of the activation stands beside the image.
    public var graph: Bool
}

extension VideoSettings: ManifestObject {
    static let definitionName = "video"

    static let table = FieldTable<VideoSettings>(
        noun: "a video", summary: "The film itself; changing it encodes anew and optimises nothing.",
        fields: [
            Field("framesPerSecond", \.framesPerSecond, .integer(1...120), "Images per second."),
            Field("graph", \.graph, .boolean, "Whether the graph of the activation stands beside the image."),
        ])

    init(preset: Preset) {
        self = preset.video
    }
}
