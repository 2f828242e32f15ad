import Foundation
import Testing

@testable import Film

/// The frame beside the image: it holds whatever numbers come, and shows where the film is.
struct GraphTests {
    static func renderer(
        _ activations: [Double], facets: [(frame: Int, name: String)] = [(0, "naive"), (1, "fourier")]
    ) throws -> FilmFrameRenderer {
        let graph = ActivationGraph(
            title: "block_12_add, unit 33", subtitle: "test", activations: activations, facets: facets)
        return try FilmFrameRenderer(graph: graph, layout: FilmLayout(imageWidth: 64, imageHeight: 64))
    }

    static let image = Bitmap(width: 64, height: 64, colour: (200, 30, 30))

    @Test(arguments: [
        [1.0], [2, 2], [1e308, -1e308, 1e308], [Double.leastNonzeroMagnitude, 0], [1e30], [12345.001, 12345.002],
        [-0.0], [-3, -1, -2],
        [0, 0, 0], [1e-9, 2e-9, 1.5e-9], [1e12, -1e12, 3], [.nan, 1, .infinity],
        (0..<421).map { sin(Double($0) / 30) },
    ]) func `any activations make a frame of 1224 by 504`(activations: [Double]) throws {
        let renderer = try Self.renderer(activations, facets: [(0, "first"), (activations.count - 1, "last")])
        let frame = try renderer.render(frame: activations.count - 1, image: Self.image)
        #expect(frame.width == 1224 && frame.height == 504)
    }

    @Test func `the same frame has the same bytes, whatever the thread`() throws {
        let renderer = try Self.renderer((0..<60).map { Double($0 % 17) })
        let expected = try renderer.render(frame: 20, image: Self.image)
        let frames = Results()
        DispatchQueue.concurrentPerform(iterations: 8) { index in
            if let frame = try? renderer.render(frame: 20, image: Self.image) { frames.add(frame) }
            _ = try? renderer.render(frame: index, image: Self.image)
        }
        #expect(frames.all.count == 8)
        #expect(frames.all.allSatisfy { $0 == expected })
    }

    @Test func `the point moves with the film and the image is in its place`() throws {
        let renderer = try Self.renderer((0..<60).map { Double($0) })
        let (early, late) = (
            try renderer.render(frame: 5, image: Self.image), try renderer.render(frame: 50, image: Self.image)
        )
        #expect(early != late)
        let box = FilmLayout(imageWidth: 64, imageHeight: 64).image
        let middle = ((box.y + box.height / 2) * 1224 + box.x + box.width / 2) * 3
        #expect(Array(early.pixels[middle..<middle + 3]) == [200, 30, 30])
        // The brightest pixels of the plot are the point: they lie further right and higher later on.
        func center(_ frame: Bitmap) -> (x: Double, y: Double) {
            var (sumX, sumY, count) = (0.0, 0.0, 0.0)
            for y in 150..<460 {
                for x in 560..<1200 where frame.pixels[(y * 1224 + x) * 3 + 1] > 240 {
                    (sumX, sumY, count) = (sumX + Double(x), sumY + Double(y), count + 1)
                }
            }
            return (sumX / count, sumY / count)
        }
        #expect(
            center(early).x + 300 < center(late).x && center(early).y > center(late).y + 100,
            "\(center(early)) \(center(late))")
    }

    @Test(arguments: [(224, 224), (160, 96), (96, 160), (32, 2048), (1, 1)])
    func `images of any shape fit their square`(width: Int, height: Int) {
        let layout = FilmLayout(imageWidth: width, imageHeight: height)
        let (image, graph) = (layout.image, layout.graph)
        #expect(image.x >= 28 && image.y >= 28 && image.x + image.width <= 476 && image.y + image.height <= 476)
        #expect(max(image.width, image.height) == 448)
        #expect(graph == FilmLayout.Box(x: 504, y: 28, width: 692, height: 448))
        if min(width, height) > 64 {
            #expect(abs(Double(image.width) / Double(image.height) - Double(width) / Double(height)) < 0.01)
        }
    }

    @Test func `an image of another size than the film's is refused`() throws {
        let renderer = try Self.renderer([1, 2, 3])
        let error = #expect(throws: FilmError.self) {
            try renderer.render(frame: 1, image: Bitmap(width: 64, height: 63, colour: (0, 0, 0)))
        }
        #expect(error?.description.contains("64x63") == true)
    }

    @Test func `the current point lies where its frame and value are`() throws {
        let values = (0..<40).map { 3 + 2 * sin(Double($0)) }
        let graph = ActivationGraph(title: "t", subtitle: "s", activations: values, facets: [])
        let layout = FilmLayout(imageWidth: 64, imageHeight: 64)
        let canvas = try Canvas(width: FilmLayout.width, height: FilmLayout.height, font: try Font.shared())
        let plot = GraphPlot(graph, in: layout.graph, measuredBy: canvas)
        let renderer = try FilmFrameRenderer(graph: graph, layout: layout)
        for index in [0, 13, 39] {
            let point = try #require(plot.point(index))
            // The axis' own arithmetic, from its ends.
            let fraction = (values[index] - plot.axis.lower) / (plot.axis.upper - plot.axis.lower)
            #expect(abs(point.y - (plot.bottom - fraction * (plot.bottom - plot.top))) < 1e-9)
            #expect(abs(point.x - (plot.left + Double(index) / 39 * (plot.right - plot.left))) < 1e-9)
            let frame = try renderer.render(frame: index, image: Self.image)
            let pixel = (Int(point.y) * frame.width + Int(point.x)) * 3
            #expect(Array(frame.pixels[pixel..<pixel + 3]) == [255, 255, 255], "frame \(index) at \(point)")
        }
    }

    @Test func `a missing typeface is named with the package that has it`() {
        let error = #expect(throws: FilmError.self) { try Font(anyOf: ["/nowhere/DejaVuSans.ttf"]) }
        #expect(error?.place == "/nowhere/DejaVuSans.ttf")
        #expect(error?.remedy.contains("apt-get install fonts-dejavu-core") == true)
    }
}

/// Collects frames from several threads.
final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var frames: [Bitmap] = []

    func add(_ frame: Bitmap) { lock.withLock { frames.append(frame) } }

    var all: [Bitmap] { lock.withLock { frames } }
}
