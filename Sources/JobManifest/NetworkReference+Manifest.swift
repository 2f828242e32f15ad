import Foundation
import Networks

extension NetworkReference {
    /// The value of the key "network".
    static let shape = Shape<NetworkReference>.either(
        networkFile.mapped(
            { NetworkReference($0) }, { $0 == NetworkReference($0.file) ? $0.file : nil }),
        NetworkDraft.shape.mapped({ $0.reference }, { NetworkDraft($0) })
    ).named("network")

    /// A name, or a path, which is made absolute: a relative one begins at the folder of the manifest.
    fileprivate static var networkFile: Shape<String> {
        Shape<String>(
            expectation: "the name of a network, the path of an ONNX file", kinds: [.string],
            schema: .members([
                "type": .string("string"), "minLength": .integer(1), "maxLength": .integer(4096),
            ]),
            decode: { node, decoding in
                if let text = node.text, !text.isEmpty, isName(text), !text.utf8.contains(0), text.utf8.count <= 255 {
                    return text
                }
                return Shape<String>.filePath.decode(node, decoding).map(inRealFolder)
            },
            encode: { .string($0) })
    }

    /// The same path without detours, so that a network has one path however manifests spell it. The file itself may be
    /// a link: its name, and the card beside it, count.
    private static func inRealFolder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), let real = realpath(String(path[...slash]), nil) else { return path }
        defer { free(real) }
        let folder = String(cString: real)
        return (folder == "/" ? "" : folder) + path[slash...]
    }
}

/// A network as an object of the manifest: the file, and what its card does not say.
struct NetworkDraft: Sendable {
    var file = NetworkReference.standard.file
    var mean: [Double]?
    var standardDeviation: [Double]?
    var labels: String?

    init(_ reference: NetworkReference) {
        file = reference.file
        mean = reference.mean
        standardDeviation = reference.standardDeviation
        labels = reference.labels
    }

    var reference: NetworkReference {
        NetworkReference(file, mean: mean, standardDeviation: standardDeviation, labels: labels)
    }
}

extension NetworkDraft: ManifestObject {
    static let definitionName = "networkObject"

    private static let colors = 1...3

    static let table = FieldTable<NetworkDraft>(
        noun: "a network", summary: "A network, and what its card does not say of it, or says otherwise.",
        fields: [
            Field(
                "file", \.file, NetworkReference.networkFile, isRequired: true,
                "The name of a network, or the path of its ONNX file from the manifest's folder on."),
            Field(
                "mean", \.mean, optional: .list(of: .number(-1000...1000), count: colors, "numbers"),
                "The network sees (x - mean) / standardDeviation of each color, x in 0...1: three numbers, or one for all."
            ),
            Field(
                "standardDeviation", \.standardDeviation,
                optional: .list(of: .number(0...1000, isAboveMinimum: true), count: colors, "numbers"),
                "See mean."),
            Field(
                "labels", \.labels, optional: .filePath,
                "A text file with one name a line, as many as the network has classes."),
        ],
        finish: { draft, reading, decoding in
            for key in ["mean", "standardDeviation"] {
                guard let member = reading.goodMember(key), member.value.elements.count == 2 else { continue }
                decoding.report(
                    at: member.value.range.lowerBound, .key(key),
                    message: "expected three numbers, or one for all colors, found two")
            }
        })

    init(preset: Preset) {}
}
