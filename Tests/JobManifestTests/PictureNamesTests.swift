import Testing

@testable import JobManifest

@Suite struct PictureNamesTests {
    @Test(arguments: [
        (["/a/fox.png"], ["fox.png"]), (["/a/fox.png", "/b/owl.png"], ["fox.png", "owl.png"]),
        (["/a/1.png", "/a/1.png"], ["1.png", "1.png"]),
        (["/a/cats/1.png", "/a/dogs/1.png"], ["cats/1.png", "dogs/1.png"]),
        (["/a/cats/1.png", "/a/dogs/1.png", "/a/birds/2.png"], ["cats/1.png", "dogs/1.png", "2.png"]),
        (["/a/cats/old/1.png", "/a/cats/new/1.png", "/a/1.png"], ["cats/old/1.png", "cats/new/1.png", "1.png"]),
        (["/a/1.png", "/a/./1.png", "/a//1.png"], ["1.png", "1.png", "1.png"]),
        (["/a/jobs/../cats/1.png", "/a/jobs/../dogs/1.png"], ["cats/1.png", "dogs/1.png"]),
        (["cats/1.png", "dogs/1.png"], ["cats/1.png", "dogs/1.png"]), (["1.png", "b/1.png"], ["1.png", "b/1.png"]),
        (["/1/1", "/1"], ["1/1", "1"]), (["/"], ["/"]), (["/", "/x", "."], ["/", "x", "."]), ([], []),
    ])
    func `pictures are named after their files, with as many folders as tell them apart`(
        paths: [String], names: [String]
    ) {
        let found = PictureNames(paths)
        #expect(paths.map { found[$0] } == names)
    }

    @Test func `a portable reel has the same names wherever its pictures lie, and read again`() throws {
        var reel = try job(with: #""facets": [{}, {}]"#).reels()[0]
        func portable(in folder: String, _ digest: String? = nil) -> Reel {
            for (index, name) in ["cats/1.png", "dogs/1.png"].enumerated() {
                reel.facets[index].image = "\(folder)/\(name)"
                reel.facets[index].sha256 = digest
            }
            return reel.portable
        }
        let here = portable(in: "/a")
        #expect(here.facets.map(\.image) == ["cats/1.png", "dogs/1.png"])
        #expect(portable(in: "/b/c", String(repeating: "0", count: 64)) == here, "nor does a digest make another film")
        #expect(here.portable == here)
        #expect(reel.pointersToDifferences(from: here).isEmpty)
        reel.facets[1].image = "/b/c/birds/1.png"
        #expect(reel.pointersToDifferences(from: here) == ["/facets/1/image"])
    }

    @Test func `pictures that facets start at have names among those that are facets`() throws {
        var reel = try job(with: #""facets": [{}, {}, {}]"#).reels()[0]
        (reel.facets[0].image, reel.facets[1].from) = ("/a/cats/1.png", "/a/dogs/1.png")
        reel.facets[2].from = "/a/cats/1.png"
        #expect(reel.portable.facets.map(\.picture) == ["cats/1.png", "dogs/1.png", "cats/1.png"])
        #expect(reel.portable.facets.map(\.image) == ["cats/1.png", nil, nil])
        let here = reel.portable
        reel.facets[1].from = "/a/birds/1.png"
        #expect(reel.pointersToDifferences(from: here) == ["/facets/1/from"])
    }
}
