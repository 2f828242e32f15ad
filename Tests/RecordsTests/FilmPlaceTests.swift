import Foundation
import Testing

@testable import Records

@Suite struct FilmPlaceTests {
    @Test func `a place is a name, a layer and a unit`() {
        #expect(FilmPlace("eyes/block_4_add/6")?.path == "eyes/block_4_add/6")
        #expect(FilmPlace("eyes/block_4_add/6")?.layer == "block_4_add")
        for text in ["", "a", "a/b", "a/b/c/d", "a//c", "/a/b", "a/b/", "../b/c", "a/.b/c"] {
            #expect(FilmPlace(text) == nil, "\(text)")
        }
    }

    @Test func `films are found in an output folder, in parts of it, and as folders`() throws {
        let output = FileManager.default.temporaryDirectory.appending(path: "facetreel-place-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        for folder in [
            "n/block_1_add/10", "n/block_1_add/9", "m/l/x", ".hidden/l/1", "n/block_1_add/.partial", "n/l/1/2",
        ] {
            try FileManager.default.createDirectory(atPath: "\(output)/\(folder)", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: "\(output)/\(folder)/film.json"))
        }
        let films = ["m/l/x", "n/block_1_add/9", "n/block_1_add/10"]
        #expect(FilmSearch(in: output).sorted == films.map { "\(output)/\($0)" })
        #expect(FilmSearch(in: "\(output)/n/block_1_add").sorted == films.dropFirst().map { "\(output)/\($0)" })
        #expect(FilmSearch(in: "\(output)/m/l/x").sorted == ["\(output)/m/l/x"])
        #expect(FilmSearch(in: "\(output)/none").folders.isEmpty)
        // What lies above films hides none of them.
        try Data().write(to: URL(filePath: "\(output)/film.json"))
        let places = FilmSearch(in: output).folders.compactMap { FilmPlace($0.dropFirst(output.count + 1)) }
        #expect(Set(places.map(\.path)) == Set(films))
    }
}
