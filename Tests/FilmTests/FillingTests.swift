import Testing

@testable import Film

@Suite struct FillingTests {
    /// A picture whose colours say where they stand.
    private func picture(_ width: Int, _ height: Int) -> Bitmap {
        Bitmap(
            width: width, height: height,
            pixels: (0..<width * height).flatMap { [UInt8($0 % width), UInt8($0 / width), UInt8(77)] })
    }

    @Test func `a picture of the same size stays as it is`() {
        #expect(picture(40, 30).filling(width: 40, height: 30) == picture(40, 30))
    }

    @Test func `the middle of a picture is kept and its sides are cut`() {
        let square = picture(60, 40).filling(width: 40, height: 40)
        #expect(square.pixels[0...2] == [10, 0, 77], "ten columns are cut on the left")
        #expect(square.pixels.suffix(3) == [49, 39, 77])
        let flat = picture(40, 60).filling(width: 40, height: 20)
        #expect(flat.pixels[0...2] == [0, 20, 77], "\(flat.pixels[0...2])")
    }

    @Test(arguments: [(1, 1), (1, 200), (200, 1), (3, 7), (199, 151)], [(32, 32), (64, 33)])
    func `a picture of any size fills any other size`(source: (Int, Int), target: (Int, Int)) {
        let filled = picture(source.0, source.1).filling(width: target.0, height: target.1)
        #expect(filled.width == target.0 && filled.height == target.1)
        #expect(stride(from: 2, to: filled.pixels.count, by: 3).allSatisfy { filled.pixels[$0] == 77 })
    }
}
