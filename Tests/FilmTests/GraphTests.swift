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

    static let image = Bitmap(width: 64, height: 64, color: (200, 30, 30))

    @Test(arguments: [
        [1.0], [2, 2], [-3, -1, -2], [0, 0, 0], [1e-9, 2e-9, 1.5e-9], [1e12, -1e12, 3], [.nan, 1, .infinity],
        (0..<421).map { sin(Double($0) / 30) },
    ]) func `any activations make a frame of 1224 by 504`(activations: [Double]) throws {
        let renderer = try Self.renderer(activations, facets: [(0, "first"), (activations.count - 1, "last")])
        let frame = try renderer.render(frame: activations.count - 1, image: Self.image)
        #expect(frame.width == 1224 && frame.height == 504)
    }

    @Test func `the exact lowest place is marked where it is known`() throws {
        func marked(_ lowest: [Int]) throws -> Int {
            let graph = ActivationGraph(
                title: "t", subtitle: "s", activations: [3, 1, 2], facets: [], lowestFrames: lowest)
            let renderer = try FilmFrameRenderer(graph: graph, layout: FilmLayout(imageWidth: 64, imageHeight: 64))
            let pixels = try renderer.render(frame: 0, image: Self.image).pixels
            return stride(from: 0, to: pixels.count, by: 3).count {
                Array(pixels[$0..<$0 + 3]) == [0xE8, 0x69, 0x7C]
            }
        }
        #expect(try marked([]) == 0)
        // A disc of radius 4.5 has 64 pixels, of which the rim is mixed.
        #expect(try (30...64).contains(marked([1])) && marked([1, 3, -1]) == marked([1]))
    }

    @Test func `two renderers of the same graph give the same bytes`() throws {
        let frames = try (0..<2).map { _ in
            try Self.renderer((0..<60).map { Double($0 % 17) }).render(frame: 31, image: Self.image)
        }
        #expect(frames[0] == frames[1])
    }

    @Test func `four threads draw every frame as one thread does`() throws {
        let renderer = try Self.renderer((0..<40).map { Double($0 % 17) })
        let expected = try (0..<40).map { try renderer.render(frame: $0, image: Self.image) }
        let frames = Results()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for index in 0..<40 {
                // Each thread begins elsewhere.
                let index = (index + 10 * thread) % 40
                if let frame = try? renderer.render(frame: index, image: Self.image), frame == expected[index] {
                    frames.add(frame)
                }
            }
        }
        #expect(frames.all.count == 160)
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
        let (first, second) = (try #require(Self.point(in: early)), try #require(Self.point(in: late)))
        #expect(first.x + 300 < second.x && first.y > second.y + 100, "\(first) \(second)")
    }

    static func plot(_ activations: [Double]) throws -> GraphPlot {
        let graph = ActivationGraph(title: "t", subtitle: "s", activations: activations, facets: [])
        let canvas = try Canvas(width: FilmLayout.width, height: FilmLayout.height, font: try Font.shared())
        return GraphPlot(graph, in: FilmLayout(imageWidth: 64, imageHeight: 64).graph, measuredBy: canvas)
    }

    @Test(arguments: [1, 2]) func `a film of one or two frames shows its point`(count: Int) throws {
        let values = (0..<count).map { Double($0 + 1) }
        let renderer = try Self.renderer(values, facets: [])
        let plot = try Self.plot(values)
        let frames = try (0..<count).map { try renderer.render(frame: $0, image: Self.image) }
        for (index, frame) in frames.enumerated() {
            let point = try #require(Self.point(in: frame), "frame \(index) has a point")
            // A single frame stands in the middle of the plot, two at its ends.
            let expected = count == 1 ? (plot.left + plot.right) / 2 : index == 0 ? plot.left : plot.right
            #expect(abs(point.x - expected) < 1.5, "\(point)")
        }
        #expect(Set(frames.map(\.pixels)).count == count)
    }

    @Test func `the point lies at its frame's time and value in every frame`() throws {
        let activations = (0..<25).map { 3 + 2 * sin(Double($0) / 4) }
        let renderer = try Self.renderer(activations, facets: [])
        let plot = try Self.plot(activations)
        // Values of 1...5 are shown from 0 to 6.
        #expect(plot.axis.lower == 0 && plot.axis.upper == 6, "\(plot.axis)")
        for (index, value) in activations.enumerated() {
            let point = try #require(Self.point(in: try renderer.render(frame: index, image: Self.image)))
            let expected = (
                x: plot.left + (plot.right - plot.left) * Double(index) / 24,
                y: plot.bottom - (plot.bottom - plot.top) * value / 6
            )
            #expect(
                abs(point.x - expected.x) < 1.5 && abs(point.y - expected.y) < 1.5, "\(index): \(point) \(expected)")
        }
    }

    @Test(arguments: [
        [Double.nan], [.infinity], [-.infinity, .infinity], [.nan, .nan, .nan], [1, .nan, 3],
        [.infinity, 2, -.infinity], [],
        [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [.leastNonzeroMagnitude, 0],
        [Double.greatestFiniteMagnitude],
    ])
    func `values that are no numbers still make frames, the same each time`(activations: [Double]) throws {
        for index in 0..<max(1, activations.count) {
            let frames = try (0..<2).map { _ in
                try Self.renderer(activations, facets: [(0, "first"), (activations.count, "beyond")])
                    .render(frame: index, image: Self.image)
            }
            #expect(frames[0] == frames[1])
            let isShown = activations.indices.contains(index) && activations[index].isFinite
            #expect((Self.point(in: frames[0]) != nil) == isShown, "frame \(index) of \(activations)")
        }
    }

    @Test func `names and titles of any kind make a frame`() throws {
        let texts = ["", String(repeating: "long ", count: 200), "🎞 多面体 — Würfel", "\u{0}", "\n", "a\u{301}"]
        for text in texts {
            let graph = ActivationGraph(
                title: text, subtitle: text, activations: [1, 3, 2], facets: texts.map { (1, $0) }, framesPerSecond: 0)
            let renderer = try FilmFrameRenderer(graph: graph, layout: FilmLayout(imageWidth: 64, imageHeight: 64))
            #expect(Self.point(in: try renderer.render(frame: 0, image: Self.image)) != nil)
        }
    }

    @Test(arguments: [-5, 3, 1_000_000]) func `a frame beyond the film does not trap`(frame: Int) throws {
        let rendered = try Self.renderer([1, 2, 3]).render(frame: frame, image: Self.image)
        #expect(rendered.width == FilmLayout.width && rendered.height == FilmLayout.height)
    }

    @Test func `an image of another size than the film's is refused`() throws {
        let renderer = try Self.renderer([1, 2, 3])
        let error = #expect(throws: FilmError.self) {
            try renderer.render(frame: 1, image: Bitmap(width: 64, height: 63, color: (0, 0, 0)))
        }
        #expect(error?.description.contains("64x63") == true)
    }

    @Test func `a missing typeface is named with the package that has it`() {
        let error = #expect(throws: FilmError.self) { try Font(anyOf: ["/nowhere/DejaVuSans.ttf"]) }
        #expect(error?.place == "/nowhere/DejaVuSans.ttf")
        #expect(error?.remedy.contains("apt-get install fonts-dejavu-core") == true)
    }

    /// The middle of the plot's brightest pixels: the current point.
    static func point(in frame: Bitmap) -> (x: Double, y: Double)? {
        var (sumX, sumY, count) = (0.0, 0.0, 0.0)
        for y in 130..<450 {
            for x in 504..<1224 where frame.pixels[(y * 1224 + x) * 3 + 1] > 240 {
                (sumX, sumY, count) = (sumX + Double(x) + 0.5, sumY + Double(y) + 0.5, count + 1)
            }
        }
        // A disc of radius 6.5 has 133 pixels, some of them grey at its edge.
        return count > 60 ? (sumX / count, sumY / count) : nil
    }
}

/// Collects frames from several threads.
final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var frames: [Bitmap] = []

    func add(_ frame: Bitmap) { lock.withLock { frames.append(frame) } }

    var all: [Bitmap] { lock.withLock { frames } }
}
