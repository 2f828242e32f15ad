import Foundation
import JSON

extension JobResolution {
    /// Checks that the pictures that are facets, or that facets start at, are there. Where somebody can look into them, also that they can be
    /// read, and are those that the manifest means.
    mutating func checkImages(_ draft: JobDraft, _ node: JSONNode, _ decoding: ManifestDecoding) {
        // Where it does not belong, that has been reported.
        if draft.presetOfFacets?.name == Preset.photograph.name, let path = draft.photograph,
            let member = node.member("photograph")
        {
            decoding.inside(.key(member.key)) { _ = checkPicture(path, member, decoding) }
        }
        guard let list = node.member("facets")?.value.elements, list.count == draft.facets.count else { return }
        for (index, (facet, element)) in zip(draft.facets, list).enumerated() {
            let key = facet.image == nil ? "from" : "image"
            guard let path = facet.picture, let member = element.member(key) else { continue }
            decoding.inside(.key("facets")) {
                decoding.inside(.index(index)) {
                    guard decoding.inside(.key(key), { checkPicture(path, member, decoding) }),
                        let wanted = facet.sha256, let digest = pictures?.digest(path), digest != wanted
                    else { return }
                    decoding.report(
                        at: (element.member("sha256") ?? member).value.range.lowerBound, .key("sha256"),
                        message: "expected the picture whose SHA-256 begins with \(wanted.prefix(12)), found "
                            + "\(digest.prefix(12))... at \(Printable.quoted(path, limit: 200)): put the picture there that "
                            + "is meant, or remove \"sha256\"")
                }
            }
        }
    }

    /// Whether there is a picture at the path that a key names; reports it if not.
    private mutating func checkPicture(_ path: String, _ member: JSONMember, _ decoding: ManifestDecoding) -> Bool {
        let shown = Printable.quoted(path, limit: 200)
        if let found = Self.notAFile(path) {
            decoding.report(
                at: member.value.range.lowerBound, message: "expected a picture, found \(found) at \(shown)")
        } else if let fault = fault(ofPicture: path) {
            decoding.report(
                at: member.value.range.lowerBound, message: "expected a picture, found \(shown): \(fault)")
        } else {
            return true
        }
        return false
    }

    /// Checks that the folder of pictures is there. What lies in it is nobody's fault before it is looked at.
    func checkPictures(_ draft: JobDraft, _ node: JSONNode, _ decoding: ManifestDecoding) {
        guard let folder = draft.pictures?.folder, let member = node.member("pictures") else { return }
        let target = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
        guard !isThere || !isFolder.boolValue else { return }
        decoding.report(
            at: (member.value.member("folder")?.value ?? member.value).range.lowerBound, .key("pictures"),
            message: "expected a folder of pictures, found \(isThere ? "a file" : "nothing") at "
                + "\(Printable.quoted(folder, limit: 200)): name a folder that is there, from the manifest's on")
    }

    /// What is wrong with a picture. Each is looked into once, however many jobs have it.
    private mutating func fault(ofPicture path: String) -> String? {
        if let known = inspected[path] { return known }
        let fault = pictures?.fault(path).map { Printable.text($0, limit: 300) }
        inspected[path] = .some(fault)
        return fault
    }

    /// What lies at a path instead of a file; nil for a file.
    private static func notAFile(_ path: String) -> String? {
        // For a link, its target counts.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType else {
            return "nothing"
        }
        return type == .typeRegular ? nil : type == .typeDirectory ? "a folder" : "a device or pipe"
    }
}
