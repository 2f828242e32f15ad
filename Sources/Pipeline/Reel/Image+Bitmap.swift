import ConvNet
import Film

extension Image {
    /// An 8-bit picture as the network sees it: 0...255 becomes -1...1.
    public init(_ bitmap: Bitmap) {
        self.init(height: bitmap.height, width: bitmap.width, pixels: bitmap.pixels.map { Float($0) / 127.5 - 1 })
    }
}

extension Network {
    /// Whether it sees no colors, but the mean of them: then films are grey, since nothing else in them is its doing.
    var seesGrey: Bool { model.image.channels == 1 }
}

extension Bitmap {
    /// The image as it is shown: -1...1 becomes 0...255, rounded to nearest; what lies outside is clipped.
    init(_ image: Image) {
        self.init(
            width: image.width, height: image.height,
            pixels: image.pixels.map { value in
                // A NaN has no place in a picture; it is found and reported long before it gets here.
                value.isNaN ? 0 : UInt8(min(max((value + 1) * 127.5, 0), 255).rounded())
            })
    }

    /// The same picture with even sides, as H.264's 4:2:0 colour needs: an odd last column or row is repeated.
    func withEvenSides() -> Bitmap {
        let (evenWidth, evenHeight) = (width + width % 2, height + height % 2)
        guard evenWidth != width || evenHeight != height else { return self }
        var even: [UInt8] = []
        even.reserveCapacity(evenWidth * evenHeight * 3)
        for row in 0..<evenHeight {
            let line = pixels[min(row, height - 1) * width * 3..<(min(row, height - 1) + 1) * width * 3]
            even += line
            if evenWidth != width { even += line.suffix(3) }
        }
        return Bitmap(width: evenWidth, height: evenHeight, pixels: even)
    }
}
