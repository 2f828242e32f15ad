import Disk
import Networks

/// Where the file of a network lies.
enum NetworkFile {
    /// Of a network that is asked for by its name.
    static let ending = ".onnx"

    /// A path as it is; a name in the first of the folders that has it.
    static func path(of reference: NetworkReference, in folders: [String]) throws(NetworkError) -> String {
        guard reference.isName else { return reference.file }
        let places = folders.map { "\($0)/\(reference.file)\(ending)" }
        if let found = places.first(where: { FileSignature($0) != nil }) { return found }
        if Folder.exists(reference.file) {
            throw NetworkError(
                file: reference.file, reason: "is a folder",
                remedy: "Give the path of an ONNX file, or the name of one in --networks or Weights/")
        }
        let isStandard = reference == .standard
        throw NetworkError(
            file: places[places.count - 1], reason: "no such file",
            remedy: isStandard
                ? "`make weights` makes it; or name its folder with --networks"
                : "A name is looked up in --networks and Weights/; a path has a slash or ends in .onnx")
    }
}
