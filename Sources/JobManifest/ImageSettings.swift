/// Side lengths of the images that are optimised, in pixels, 32...2048 each.
public struct ImageSettings: Sendable, Equatable, Codable {
    public var width: Int
    public var height: Int
}

extension ImageSettings: ManifestObject {
    static let definitionName = "image"

    /// MobileNetV2 halves its input five times, so less than 32 leaves nothing to see.
    private static let side = Shape<Int>.integer(32...2048)

    static let table = FieldTable<ImageSettings>(
        noun: "an image", summary: "The side lengths of every image of the film, in pixels: size, or width and height.",
        fields: [
            Field(
                "size", side, "Side length of a square image, in pixels.",
                set: { $0 = ImageSettings(width: $1, height: $1) }, get: { _ in nil }),
            Field("width", \.width, side, "Width in pixels; needs height."),
            Field("height", \.height, side, "Height in pixels; needs width."),
        ],
        rules: [.together("width", "height"), .excludes("size", "width", "height")])

    init(preset: Preset) {
        self = preset.image
    }
}
