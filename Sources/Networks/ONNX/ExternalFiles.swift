import Disk

/// One entry of a tensor's `external_data`.
struct ExternalEntry {
    var key = ""
    var value = ""

    init(_ reader: WireReader) throws(NetworkError) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try reader.text(field)
            case 2: value = try reader.text(field)
            default: try reader.skip(field)
            }
        }
    }
}

/// The files beside a network file in which its weights lie. Nothing outside of its folder is ever opened.
final class ExternalFiles {
    /// Every file stays open.
    private static let greatestCount = 200

    private let path: String
    /// What is before the name of the network file: empty, or up to a slash.
    private let folder: String
    private var open: [(location: String, file: OpenFile)] = []

    init(beside path: String) {
        self.path = path
        folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
    }

    /// In the order of their locations.
    var files: [OpenFile] {
        open.sorted { $0.location.utf8.lexicographicallyPrecedes($1.location.utf8) }.map { $0.file }
    }

    /// The values of a tensor.
    /// - Parameter byteCount: how many bytes they take; nil for types that nobody reads.
    func contents(
        _ entries: [ExternalEntry], byteCount: Int?, of reader: ONNXFileReader, _ place: String
    ) throws(NetworkError) -> ONNXTensor.Contents {
        func fault(_ reason: String, _ remedy: String = "Export the network again") -> NetworkError {
            reader.fault(reason, place: place, remedy: remedy)
        }
        func number(_ key: String) throws(NetworkError) -> Int? {
            guard let text = entries.last(where: { $0.key == key })?.value else { return nil }
            guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text) else {
                throw fault(
                    "its values lie in another file, with the \(key) \(text.quoted), which is no number of bytes")
            }
            return number
        }
        guard let location = entries.last(where: { $0.key == "location" })?.value else {
            throw fault("its values lie in another file, and it does not say in which")
        }
        let offset = try number("offset") ?? 0
        let length = try number("length")
        let file = try file(location, fault)
        if let length, let byteCount, length != byteCount {
            throw fault("has \(length) bytes in \(location.quoted); its shape needs \(byteCount)")
        }
        let needed = byteCount ?? length ?? 0
        guard offset <= file.size, needed <= file.size - offset else {
            throw fault(
                "its values are \(needed) bytes from byte \(offset) of \(location.quoted) on, which has \(file.size)",
                "Copy both files again, from one export")
        }
        return .file(file, offset: offset)
    }

    private func file(_ location: String, _ fault: (String, String) -> NetworkError) throws(NetworkError) -> OpenFile {
        if let known = open.first(where: { $0.location == location }) { return known.file }
        let shown = location.quoted
        let remedy = "Put the file with the weights beside the network, and export with a plain name for it"
        guard !location.isEmpty, !location.utf8.contains(0), !location.utf8.starts(with: "/".utf8),
            !location.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) })
        else {
            throw fault("its values lie at the location \(shown), outside of the network's folder", remedy)
        }
        guard open.count < Self.greatestCount else {
            throw fault(
                "its values lie in one of more than \(Self.greatestCount) other files",
                "Save them in one: onnx.save(model, file, save_as_external_data=True, all_tensors_to_one_file=True)")
        }
        do throws(DiskError) {
            let home = try RealPath.of(folder.isEmpty ? "." : folder)
            let target = try RealPath.of(folder + location)
            guard target.utf8.starts(with: (home == "/" ? home : home + "/").utf8) else {
                throw DiskError(
                    folder + location, "is a link to \(target.printable), outside of the network's folder",
                    remedy: "put the file itself there")
            }
            let file = try OpenFile(path: folder + location)
            open.append((location, file))
            return file
        } catch {
            guard error.kind == .notFound else {
                throw fault("its values lie in \(shown), which \(error.reason)", error.remedy.sentence)
            }
            throw fault(
                "its values lie in \(shown), which is not beside the network",
                "The exporter wrote two files: copy that one, too")
        }
    }
}
