import Testing

@testable import Gallery

@Suite struct PartsTests {
    @Test func `layers stand in the order of the network`() {
        // Of no film that says where: after all that do.
        let layers = ["stem", "layer2.0", "layer1.9", "head"]
        let others = ["block_2", "block_10", "block_99_add", "x"]
        var films: [ListedFilm] = []
        for (place, layer) in (layers + others).enumerated() {
            var film = ListedFilm(
                name: "n", layer: layer, unit: "1", hasFilm: true, hasGraph: true, facetCount: 2, worth: [:],
                curve: ListedFilm.Curve(), evaluations: 0)
            if place < layers.count { (film.depth, film.stage) = (10 * place, "stage \(place)") }
            films.append(film)
        }
        let order = LayerOrder(films)
        let all = (layers + others).map { (name: "n", layer: $0) }
        #expect(all.reversed().sorted(by: order.precedes).map(\.layer) == layers + others)
        #expect(layers.map { order.stage($0, of: "n") } == (0..<4).map { "stage \($0)" })
        #expect(others.allSatisfy { order.stage($0, of: "n") == nil } && order.stage("stem", of: "m") == nil)
        #expect(order.precedes(("a", "head"), ("n", "stem")), "names come first")
    }

    @Test func `units are sorted by number`() {
        #expect(["10", "9", "x", "1", "03"].sorted(by: LayerOrder.naturally) == ["1", "03", "9", "10", "x"])
    }

    @Test func `addresses climb and descend, and encode what they must`() {
        #expect(Address(["a", "b", "1", "index.html"], from: ["a", "b"]).text == "1/index.html")
        #expect(Address(["index.html"], from: ["a", "b", "1"]).text == "../../../index.html")
        #expect(Address(["a", "b", "2", "index.html"], from: ["a", "b", "1"]).text == "../2/index.html")
        #expect(Address(["film.mp4"], from: []).text == "film.mp4")
        #expect(Address(["a:b c", "%", "x"], from: []).text == "a%3Ab%20c/%25/x")
        #expect(Address(["x"], from: []).with(fragment: [("a", "n/l&b")]).text == "x#a=n%2Fl%26b")
    }

    @Test(arguments: [
        ([Double](), 0.0...1), ([5], 0...5), ([4, 5, 6], 0...6), ([5, 5.1], 5...5.1), ([-3, -1], -3...0),
        ([-1, 1], -1...1),
        ([1e-9, 2e-9], 0...2e-9), ([.nan, 3], 0...3), ([-1e308, 1e308], 0...1), ([1e20, 1.0000001e20], 1e20...1e20),
    ])
    func `a scale holds its values and has ticks within it`(values: [Double], holds: ClosedRange<Double>) {
        let scale = Scale(holding: values)
        #expect(scale.lower < scale.upper, "\(scale)")
        #expect(scale.lower <= holds.lowerBound && scale.upper >= holds.upperBound, "\(scale)")
        #expect(scale.ticks.allSatisfy { $0 >= scale.lower - 1e-9 && $0 <= scale.upper * (1 + 1e-9) }, "\(scale)")
        #expect(scale.ticks.count < 20, "\(scale)")
    }

    @Test func `figures are rounded so that they are true`() {
        #expect(Figures.percent(atLeast: 0.9999) == "99\u{A0}%")
        #expect(Figures.percent(atLeast: 1) == "100\u{A0}%")
        #expect(Figures.percent(atLeast: 0.29) == "29\u{A0}%")
        #expect(Figures.plain(-1.005) == "−1.00" || Figures.plain(-1.005) == "−1.01")
        #expect(Figures.ascii(0.05, digits: 1) == "0.1")
        #expect(Figures.ascii(-0.001, digits: 2) == "0.00")
        #expect(Figures.plain(.infinity) == "–")
        #expect(Figures.plain(3e-9) == "3.00e−09")
    }

    @Test func `a curve is kept to a four thousandth of its range`() {
        let values = (0..<241).map { 3 + 2 * Double(($0 * 37) % 241) / 241 }
        let curve = ListedFilm.Curve(values, framesPerSecond: 30)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let signs = Array(curve.levels)
        #expect(signs.count == 2 * values.count)
        for (index, value) in values.enumerated() {
            let high = alphabet.firstIndex(of: signs[2 * index]) ?? 0
            let low = alphabet.firstIndex(of: signs[2 * index + 1]) ?? 0
            let read = curve.lowest + (curve.highest - curve.lowest) * Double(high * 64 + low) / 4095
            #expect(abs(read - value) < 2.0 / 4095, "\(index): \(read) for \(value)")
        }
    }
}
