import Foundation
import Testing

/// Follows links as a browser does that opens a page from a disk.
enum Links {
    /// Every link of a page leads to a file of the folder, and every fragment of its own to an element.
    static func check(_ page: String, _ file: String, in output: SyntheticOutput) throws {
        let tokens = Tokens(page)
        #expect(tokens.faults.isEmpty, "\(file): \(tokens.faults)")
        let base = URL(fileURLWithPath: "\(output.path)/\(file)")
        let links = ["href", "src", "poster", "data-film"].flatMap { tokens.values(of: $0) }
        #expect(links.count > 2, "\(file)")
        let identifiers = Set(tokens.values(of: "id"))
        for link in links where !link.hasPrefix("data:") {
            if link.hasPrefix("#") {
                #expect(identifiers.contains(String(link.dropFirst())), "\(file): \(link)")
                continue
            }
            let path = String(link.prefix { $0 != "#" })
            let url = try #require(URL(string: path, relativeTo: base), "\(file): \(link)")
            #expect(url.scheme == "file", "\(file): \(link)")
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: url.standardizedFileURL.path, isDirectory: &isFolder)
            #expect(isThere && !isFolder.boolValue, "\(file): \(link) leads to \(url.standardizedFileURL.path)")
            #expect(url.standardizedFileURL.path.hasPrefix(output.path + "/"), "\(file): \(link)")
        }
        for reference in ["for", "aria-labelledby"].flatMap({ tokens.values(of: $0) }) {
            #expect(identifiers.contains(reference), "\(file): nothing has the id \(reference)")
        }
        #expect(tokens.values(of: "id").count == identifiers.count, "\(file): an id stands twice")
    }
}
