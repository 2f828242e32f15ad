import Disk

/// What a file is that is no ONNX: what users have instead, and how they get from there to ONNX.
struct ForeignFormat {
    let reason: String
    let remedy: String

    private static let export = "Export the network in Python: torch.onnx.export(model, image, \"network.onnx\")"
    private static let convert = "Convert it: python -m tf2onnx.convert --help lists how"

    private init(_ reason: String, _ remedy: String) {
        (self.reason, self.remedy) = (reason, remedy)
    }

    func error(_ path: String) -> NetworkError {
        NetworkError(file: path, reason: reason, remedy: remedy)
    }

    /// What a folder is in whose place a file was expected; nil if that is not known.
    static func ofFolder(_ path: String) -> ForeignFormat? {
        guard (try? OpenFile(path: path + "/saved_model.pb")) != nil else { return nil }
        return ForeignFormat("is a folder of TensorFlow's SavedModel, no ONNX file", convert)
    }

    /// Nil if it is not known.
    init?(of file: OpenFile) {
        guard file.size > 0 else {
            self.init("is empty", "Copy or export it again")
            return
        }
        guard let head: [UInt8] = try? file.values(min(file.size, 512), at: 0) else { return nil }
        func begins(_ bytes: [UInt8], at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: bytes) }
        func begins(_ text: String, at offset: Int = 0) -> Bool { begins(Array(text.utf8), at: offset) }

        if begins("version https://git-lfs") {
            self.init("is a git-LFS pointer: the file itself was not fetched", "Fetch it with git lfs pull")
        } else if begins("PK\u{3}\u{4}") {
            let isKeras = begins("metadata.json", at: 30) || begins("config.json", at: 30)
            self.init(
                isKeras
                    ? "is a Keras archive, no ONNX file"
                    : "is a zip archive, as torch.save writes it (.pt, .pth), no ONNX file",
                isKeras ? Self.convert : Self.export)
        } else if begins([0x80]), head.count > 1, (2...5).contains(head[1]) {
            self.init("is a pickle, as torch.save writes it (.pt, .pth), no ONNX file", Self.export)
        } else if begins([0x89, 0x48, 0x44, 0x46]) {
            self.init("is an HDF5 file, as Keras writes it (.h5), no ONNX file", Self.convert)
        } else if Self.isSafetensors(head, file.size) {
            self.init("is a safetensors file: weights without a network", Self.export)
        } else if begins("TFL3", at: 4) {
            self.init("is a TensorFlow Lite file, no ONNX file", Self.convert)
        } else if begins("ORTM", at: 4) {
            self.init("is in ONNX Runtime's own format (.ort)", "Give the .onnx file that it was made of")
        } else if begins([0x1F, 0x8B]) {
            self.init("is compressed by gzip", "Unpack it with gunzip")
        } else if begins([0x08, 0x01, 0x12]) || file.path.hasSuffix("saved_model.pb") {
            self.init("is TensorFlow's SavedModel, no ONNX file", Self.convert)
        } else if file.path.hasSuffix(".data") || file.path.hasSuffix("_data") {
            self.init("is no ONNX file, by its name the weights of one", "Name the .onnx file beside it")
        } else if head.allSatisfy({ (0x20..<0x7F).contains($0) || (9...13).contains($0) || $0 >= 0x80 }),
            String(validating: head.prefix(200).filter { $0 < 0x80 }, as: UTF8.self) != nil,
            head.count(where: { $0 >= 0x80 }) * 4 < head.count
        {
            let shown = String.showing(head.prefix(40).filter { $0 >= 0x20 })
            self.init("is a text, no ONNX file: \"\(shown)\"", "Name a network exported as ONNX")
        } else {
            return nil
        }
    }

    /// The length of a header of JSON in 8 bytes, and its brace.
    private static func isSafetensors(_ head: [UInt8], _ size: Int) -> Bool {
        guard head.count > 8, head[8] == UInt8(ascii: "{") else { return false }
        let length = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return length <= size - 8
    }
}
