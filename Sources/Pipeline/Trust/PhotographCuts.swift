import ConvNet
import Disk
import Film
import Networks
import Records
import Trust

/// A part of a photograph as a film's page shows it.
struct PhotographCut: Sendable {
    var entry: FilmRecord.Photograph
    var jpeg: [UInt8]
    /// The whole photograph as the network sees it.
    var image: Image
}

/// Cuts photographs to what the unit sees of them where it is strongest.
struct PhotographCuts {
    private let stage: TrustStage
    private let photographs: PhotographSet
    private let likeness: UnitLikeness

    static let strongestCount = 9
    static let weakestCount = 3
    /// So many photographs are looked at, at the most, for one that is shown: many may be nearly the same.
    private static let patience = 4
    /// The longest side of a cut in pixels.
    private static let longestSide = 192
    /// A unit that sees less than a seventh of an image's side is shown with what is around it.
    private static let leastView = 7
    /// Pictures that are more alike are nearly the same: pixel by pixel, or to the network.
    private static let (alike, alikeToNetwork) = (0.9, 0.7)

    struct Result {
        var strongest: [PhotographCut] = []
        var weakest: [PhotographCut] = []
        var evaluations = 0
    }

    init(_ stage: TrustStage, _ photographs: PhotographSet) {
        (self.stage, self.photographs, likeness) = (stage, photographs, stage.likeness(photographs))
    }

    /// - Parameter order: places of photographs, from the one that excites the unit most.
    func cuts(_ order: [Int], _ activations: [Double], on worker: Worker) throws -> Result {
        var result = Result()
        func collect(_ places: [Int], _ count: Int, _ kind: String) throws -> [PhotographCut] {
            var cuts: [(cut: PhotographCut, thumbnail: [Double])] = []
            var kept: [[[Double]]] = []
            // No photograph is among both kinds.
            for place in places.prefix(min(count * Self.patience, places.count / 2)) where cuts.count < count {
                try stage.pool.stop.check()
                let features = try likeness.features(ofPhotographs: [place], in: photographs)[0]
                if kept.contains(where: { likeness.likeness($0, features) > Self.alikeToNetwork }) { continue }
                guard var next = try cut(place, on: worker) else { continue }
                result.evaluations += 1
                if cuts.contains(where: { Correlation.cosine($0.thumbnail, next.thumbnail) > Self.alike }) { continue }
                let number = cuts.count + 1
                next.cut.entry.file = "photographs/\(kind)-\(number < 10 ? "0" : "")\(number).jpg"
                next.cut.entry.activation = activations[place]
                cuts.append(next)
                kept.append(features)
            }
            return cuts.map(\.cut)
        }
        result.strongest = try collect(order, Self.strongestCount, "strongest")
        result.weakest = try collect(order.reversed(), Self.weakestCount, "weakest")
        return result
    }

    /// Nil for a photograph that is not there any more, or not the same.
    private func cut(_ place: Int, on worker: Worker) throws -> (cut: PhotographCut, thumbnail: [Double])? {
        let picture = photographs.record.pictures[place]
        let path = "\(photographs.folder)/\(picture.path)"
        guard let bytes = try? WholeFile.bytes(of: path, limit: Bitmap.maximumFileSize),
            SHA256.hexDigest(of: bytes) == picture.digest
        else { return nil }
        let (height, width) = (stage.network.description.height, stage.network.description.width)
        let layer = stage.layerName
        let evaluator = try stage.forwardEvaluator(layers: [layer], on: worker)
        let made = try? Bitmap.decoding(bytes, path: path) { whole -> (PhotographCut, Bitmap) in
            let image = Image(whole.classified(width: width, height: height))
            let map = ActivationMap(evaluator.activations(of: image), unit: stage.reel.unit)
            let view = view(around: map.peak, height: height, width: width)
            let place = whole.place(ofClassified: view, width: width, height: height)
            let part = whole.part(left: place.left, top: place.top, width: place.width, height: place.height)
            let cut = part.fitting(Self.longestSide)
            let entry = FilmRecord.Photograph(
                path: picture.path, activation: 0, file: "", width: cut.width, height: cut.height,
                outline: map.outline(
                    left: view.left / Double(width), top: view.top / Double(height),
                    width: view.width / Double(width), height: view.height / Double(height)))
            return (PhotographCut(entry: entry, jpeg: [], image: image), cut)
        }
        guard let (made, bitmap) = made else { return nil }
        var cut = made
        if stage.reel.pictures?.shown == true { cut.jpeg = try JPEG.encoded(bitmap, path: path) }
        return (cut, bitmap.thumbnail)
    }

    /// What the unit sees around a place, given in parts of the image: in pixels of the image, and within it.
    private func view(
        around place: (x: Double, y: Double), height: Int, width: Int
    ) -> (left: Double, top: Double, width: Double, height: Double) {
        let field = stage.network.description.layer(stage.reel.layer)?.receptiveField
        func range(_ center: Double, _ size: Int) -> (start: Double, length: Double) {
            let length = min(Double(max(field ?? size, size / Self.leastView)), Double(size))
            return (min(max(center * Double(size) - length / 2, 0), Double(size) - length), length)
        }
        let (x, y) = (range(place.x, width), range(place.y, height))
        return (x.start, y.start, x.length, y.length)
    }
}

extension Bitmap {
    /// The picture with at most so many pixels a side, and at least as many on the longer one if it was small.
    fileprivate func fitting(_ side: Int) -> Bitmap {
        let scale = Double(side) / Double(max(width, height))
        let (wide, high) = (
            max(1, Int((Double(width) * scale).rounded())), max(1, Int((Double(height) * scale).rounded()))
        )
        return scaled(width: wide, height: high)
    }

    /// The picture's grey values in 8 x 8, less their mean: enough to find the same picture again.
    fileprivate var thumbnail: [Double] {
        let small = scaled(width: 8, height: 8)
        let values = (0..<64).map { place in
            small.pixels[3 * place..<3 * place + 3].reduce(0.0) { $0 + Double($1) }
        }
        let mean = values.reduce(0, +) / 64
        return values.map { $0 - mean }
    }
}
