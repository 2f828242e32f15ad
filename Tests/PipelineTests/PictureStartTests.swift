import Disk
import Film
import Foundation
import Testing

@testable import JobManifest
@testable import Pipeline
@testable import PipelineSupport

/// Facets whose optimisation starts at a picture.
@Suite(.enabled(if: Rendering.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct PictureStartTests {
    private let rendering = Rendering()

    private func picture(_ name: String, _ color: (UInt8, UInt8, UInt8) = (9, 99, 199)) throws -> String {
        try Folder.make(rendering.output)
        let path = "\(rendering.output)/\(name).png"
        var picture = Bitmap(width: 61, height: 40, color: color)
        for index in picture.pixels.indices where index % 7 < 3 { picture.pixels[index] = UInt8(index % 256) }
        try PNG.write(picture, to: path)
        return path
    }

    private func reel(_ path: String?, steps: Int = 6) throws -> Reel {
        let from = path.map { #""from": "\#($0)", "# } ?? ""
        return try Rendering.reel(
            TinyReels.manifest(
                #"{"name": "photo", \#(from)"steps": \#(steps)}, "#
                    + #"{"name": "set", \#(from)"count": 3, "steps": \#(steps), "parameterization": "fourier"}"#,
                #""pivots": 2, "levels": [], "steps": 1, "interpolations": 0"#))
    }

    @Test func `a film from a picture is another than from noise, and says which picture it was`() throws {
        let path = try picture("fox")
        let (from, noise) = (try reel(path), try reel(nil))
        #expect(try rendering.render(noise).failure == nil)
        let plain = try rendering.film(noise)
        #expect(plain.record.facets.allSatisfy { $0.source == nil })
        #expect(try rendering.render(from).failure == nil)
        let film = try rendering.film(from)
        #expect(film.files["film.mp4"] != plain.files["film.mp4"])
        let digest = try SHA256.hexDigest(ofFile: path)
        #expect(film.record.facets.map(\.name) == ["photo", "set-1", "set-2", "set-3"])
        for facet in film.record.facets { #expect(facet.source == .init(path: "fox.png", sha256: digest)) }
        #expect(film.record.facets.map(\.steps) == [6, 6, 6, 6])
        let set = (2...4).compactMap { film.files["facets/0\($0)-set-\($0 - 1).png"] }
        #expect(set.count == 3 && Set(set).count == 3, "the members of a set differ")
    }

    @Test func `it is near the picture after a step, cut and scaled to the film's size`() throws {
        let path = try picture("fox")
        let short = try reel(path, steps: 1)
        #expect(try rendering.render(short).failure == nil)
        let expected = try PNG.read(path: path).filling(width: 32, height: 32)
        for name in ["01-photo", "02-set-1", "03-set-2"] {
            let found = try PNG.read(path: "\(rendering.output)/\(short.folder)/facets/\(name).png")
            let sum = zip(found.pixels, expected.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            let mean = Double(sum) / Double(found.pixels.count)
            print("\(name): \(mean) of 255")
            #expect(mean < 12, "\(name) \(mean)")
        }
    }

    @Test func `it is found again in the cache by its content, whatever its path`() throws {
        let path = try picture("fox")
        let first = try rendering.render(reel(path))
        #expect(first.failure == nil && first.steps[.facets] == 24, "\(first)")
        let moved = "\(rendering.output)/owl.png"
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        let again = try rendering.render(reel(moved))
        #expect(again.film != nil && again.steps[.facets] == 0 && again.steps[.bands] == 0, "\(again)")
        #expect(
            try rendering.film(reel(moved)).record.facets.map(\.source?.path) == .init(repeating: "owl.png", count: 4))
        let other = try rendering.render(reel(picture("owl", (200, 9, 9))))
        #expect(other.film != nil && other.steps[.facets] == 24, "\(other)")
    }

    @Test(arguments: [1, 4]) func `it makes the same film after a stop, with other workers and without a cache`(
        stopAfter: Int
    ) throws {
        let film = try reel(picture("fox"))
        #expect(try rendering.render(film, workers: 1, cached: false).failure == nil)
        let whole = try rendering.film(film)
        try FileManager.default.removeItem(atPath: "\(rendering.output)/\(film.folder)")
        let stopped = try rendering.render(film, workers: 1, stopAfter: stopAfter, interval: .zero)
        #expect(stopped.isStopped, "\(stopped)")
        #expect(try rendering.render(film, workers: 3).failure == nil)
        #expect(try rendering.film(film) == whole)
        #expect(rendering.warnings.value.isEmpty)
    }

    /// A JPEG of 32 x 24 pixels.
    private func photograph() throws -> String {
        try Folder.make(rendering.output)
        let path = "\(rendering.output)/photograph.jpg"
        try #require(Data(base64Encoded: Self.photograph)).write(to: URL(filePath: path))
        return path
    }

    private static let photograph = """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESU
        M8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozv/wAARCAAY
        ACADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhBy
        JxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT
        lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAA
        AAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRom
        JygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExc
        bHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCsZxcRFlnQRIPvE7VH+FVYShM2ySKSRFzsRgTzxyOverNzNvkk
        VI5FhYDIZeOOh/D1rNmsfs1wuowMS/nrLICDk+oBz0x2xXm37npNMuSaVKtyFjQkxgAOD16AH8M/jir8SSR2wX5mYEgnHJwcEU8XKNbT3UB3R7
        d2M8is/TfMs2eW7uJbmQkn5XOME557DHbFOMrsUk4mt9jazkzE26M9UP8ASq07L9oDyI3l9wOc0UVcoJ7gpMyobeZLmeKGWX7AwzhlG456r9Pe
        tywt51CGBCBj52YDafb3oopqKT0JnJtWZ//Z
        """.replacingOccurrences(of: "\n", with: "")

    private func nearReel(until: Double? = nil) throws -> Reel {
        let end = until.map { #", "until": \#($0)"# } ?? ""
        let path = try photograph()
        return try Rendering.reel(
            TinyReels.manifest(
                #"{"name": "photograph", "image": "\#(path)", "parameterization": "fourier"}, "#
                    + #"{"name": "near", "from": "\#(path)", "nearness": 3, "steps": 24, "parameterization": "fourier", "#
                    + #""transforms": "lucid"\#(end)}, "#
                    + #"{"name": "far", "from": "\#(path)", "steps": 24, "parameterization": "fourier", "transforms": "lucid"}"#,
                #""pivots": 2, "levels": [], "steps": 1, "interpolations": 0"#))
    }

    @Test func `a film leads from a JPEG over what is held near it, and a stop changes nothing`() throws {
        let film = try nearReel()
        #expect(try rendering.render(film, workers: 1, cached: false).failure == nil)
        let whole = try rendering.film(film)
        let pictures = try ["01-photograph", "02-near", "03-far"].map {
            try PNG.read(path: "\(rendering.output)/\(film.folder)/facets/\($0).png").pixels
        }
        let distances = pictures.map { picture in
            zip(picture, pictures[0]).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        }
        let activations = whole.record.facets.map(\.activation)
        print("distances", distances, "activations", activations)
        #expect(0 < distances[1] && distances[1] < distances[2])
        #expect(activations[0] < activations[1] && activations[1] < activations[2])
        for stopAfter in [3, 12] {
            try FileManager.default.removeItem(atPath: "\(rendering.output)/\(film.folder)")
            try? FileManager.default.removeItem(atPath: "\(rendering.output)/.cache")
            #expect(try rendering.render(film, workers: 1, stopAfter: stopAfter, interval: .zero).isStopped)
            #expect(try rendering.render(film, workers: 2).failure == nil)
            #expect(try rendering.film(film) == whole, "stopped after \(stopAfter)")
        }
        #expect(rendering.warnings.value.isEmpty)
    }

    @Test func `a facet ends with the wanted activation, before its last step`() throws {
        let film = try nearReel()
        #expect(try rendering.render(film).failure == nil)
        let facets = try rendering.film(film).record.facets
        let wanted = (facets[0].activation + facets[1].activation) / 2
        let ended = try nearReel(until: wanted)
        #expect(try rendering.render(ended).failure == nil)
        let facet = try rendering.film(ended).record.facets[1]
        #expect(facet.activation >= wanted - 1e-4 && facet.steps < 24 && facet.steps % 4 == 0, "\(facet)")
    }

    @Test func `a picture that cannot be used fails its film, with its facet, its path and what to do`() throws {
        let path = try picture("fox")
        func failure(sha256: String) throws -> String {
            var meant = try reel(path)
            meant.facets[0].sha256 = sha256
            return try #require(try rendering.render(meant).failure)
        }
        let other = try failure(sha256: String(repeating: "0", count: 64))
        for part in ["facet photo: \(path): ", "says 000000000000", "remove \"sha256\""] {
            #expect(other.contains(part), "\(part): \(other)")
        }
        let whole = try Data(contentsOf: URL(filePath: path))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
        var lost = try reel(path)
        let truncated = try #require(try rendering.render(lost).failure)
        #expect(truncated.contains("facet ") && truncated.contains("\(path): is no readable PNG"), "\(truncated)")
        lost.facets[0].from = "\(rendering.output)/absent.png"
        lost.facets[1].from = lost.facets[0].from
        let absent = try #require(try rendering.render(lost).failure)
        #expect(absent.contains("facet ") && absent.contains("absent.png: cannot be opened: No such file"), "\(absent)")
    }
}
