/// A folder of pictures, photographs as a rule, that films are held against: what the unit does respond to, beside what it
/// can be brought to respond to.
public struct PicturesSettings: Sendable, Equatable, Codable {
    /// A relative path begins at the working directory.
    public var folder: String
    /// Whether a film's page shows those that excite the unit most and least. They are cuts of somebody's pictures.
    public var shown = true
}

extension PicturesSettings: ManifestObject {
    static let definitionName = "pictures"

    static let table = FieldTable<PicturesSettings>(
        noun: "pictures", summary: "A folder of pictures that films are held against.",
        fields: [
            Field(
                "folder", \.folder, .filePath, isRequired: true,
                "The folder, from the manifest's on. Everything below it is looked at that is a picture."),
            Field(
                "shown", .boolean,
                "Whether small cuts of those that excite the unit most and least stand on the film's page, and lie in its "
                    + "folder. false: they are measured alone. Default: true.",
                set: { $0.shown = $1 }, get: { $0.shown ? nil : false }),
        ])

    /// The path of the folder if nothing else is to be said, or an object.
    static let folderOrObject = Shape<PicturesSettings>.either(
        Shape<String>.filePath.mapped({ PicturesSettings(folder: $0) }, { $0.shown ? $0.folder : nil }), shape)

    init(preset: Preset) {
        self.init(folder: "")
    }

    /// With only the last part of the path.
    public var portable: PicturesSettings {
        var portable = self
        let name = folder.split(separator: "/").last { $0 != "." }
        portable.folder = name.map(String.init) ?? folder
        return portable
    }
}
