import JSON
import Records

extension UnitPage {
    private enum Map {
        static let margin = 74.0
        static let side = 92.0
        /// The heights of the highest facet's centre, and of no activation at all.
        static let top = 56.0
        static let bottom = 236.0
        static let height = 262.0

        /// The distance between two facets: larger if there are few of them.
        static func step(_ facets: Int) -> Double { facets <= 4 ? 250 : 190 }
    }

    /// Facets at the height of their activation, and between them the paths, which hang down to their lowest
    /// activation: once the plain one, once the one that survives transforms.
    var facetMap: HTML {
        let facets = file.facets ?? []
        let bands = file.bands ?? []
        guard facets.count > 1, !bands.isEmpty else { return .nothing }
        let activations = facets.map { $0.measures[.activation]?.sound ?? 0 }
        let baseline = file.baseline?.sound ?? 0
        let highest = max(activations.max() ?? 0, baseline + 1e-12)
        let lowest = min(activations.min() ?? 0, baseline)
        let width = 2 * Map.margin + Map.step(facets.count) * Double(facets.count - 1)
        func y(_ activation: Double) -> Double {
            let part = min(max((activation - lowest) / (highest - lowest), 0), 1)
            return Map.bottom - part * (Map.bottom - Map.top)
        }
        let edges = bands.indices.filter { $0 + 1 < facets.count }.map { index in
            edge(
                bands[index], from: (x(of: index), y(activations[index])),
                to: (x(of: index + 1), y(activations[index + 1])),
                zero: y(baseline))
        }
        let nodes = facets.indices.map { node($0, x(of: $0), y(activations[$0]), activations[$0]) }
        return """
            <section aria-labelledby="map">
            <h2 id="map">Facet map</h2>
            <p>\(connections)</p>
            <div class="scroll map" tabindex="0" role="region" aria-label="Drawing of the facet map">
            <svg viewBox="0 0 \(Self.whole(width)) \(Self.whole(Map.height))" width="\(Self.whole(width))" \
            height="\(Self.whole(Map.height))" role="img" aria-label="\(description)">
            <path class="zero" d="M0 \(Self.tenth(y(baseline)))H\(Self.whole(width))"/>\
            <text class="faint zero" x="0" y="\(Self.tenth(y(baseline) - 6))">\(baseline == 0 ? "no activation" : "flat grey")</text>
            \(edges)\(nodes)</svg></div>
            <p class="legend"><span class="plain">activation along the path</span> <span class="robust">as far as it \
            survives transforms</span></p>
            </section>
            """
    }

    private func x(of index: Int) -> Double { Map.margin + Map.step(file.facets?.count ?? 0) * Double(index) }

    private func node(_ index: Int, _ x: Double, _ y: Double, _ activation: Double) -> HTML {
        let half = Map.side / 2
        let picture = file.facetPicture(index)
        let image: HTML =
            files.has(picture)
            ? """
            <svg x="\(Self.tenth(x - half))" y="\(Self.tenth(y - half))" width="\(Self.whole(Map.side))" \
            height="\(Self.whole(Map.side))" viewBox="0 0 1 1"><image href="\(Address(folder + picture, from: folder))" \
            width="1" height="1" preserveAspectRatio="xMidYMid slice"/></svg>
            """ : .nothing
        return """
            <g class="node"><rect x="\(Self.tenth(x - half - 3))" y="\(Self.tenth(y - half - 3))" \
            width="\(Self.whole(Map.side + 6))" height="\(Self.whole(Map.side + 6))" rx="6"/>\(image)\
            <text x="\(Self.tenth(x))" y="\(Self.tenth(y + half + 22))">\(Self.shortened(file.facetName(index)))</text>\
            <text class="faint" x="\(Self.tenth(x))" y="\(Self.tenth(y + half + 40))">\(Figures.plain(activation))</text></g>

            """
    }

    private func edge(
        _ band: FilmFile<JSONValue>.Band, from start: (x: Double, y: Double), to end: (x: Double, y: Double),
        zero: Double
    ) -> HTML {
        let middle = (start.x + end.x) / 2
        // The bar for plain activation is the lower facet, for robust activation the line between both.
        let lower = max(start.y, end.y)
        let line = (start.y + end.y) / 2
        func fallen(from bar: Double, _ ratio: Double?) -> Double {
            let part = min(max(ratio?.sound ?? 1, 0), 1)
            return zero - part * (zero - bar)
        }
        func curve(_ y: Double, _ kind: HTML) -> HTML {
            // A quadratic curve whose middle is at y.
            let control = 2 * y - line
            return """
                <path class="\(kind)" d="M\(Self.tenth(start.x)) \(Self.tenth(start.y))Q\(Self.tenth(middle)) \
                \(Self.tenth(control)) \(Self.tenth(end.x)) \(Self.tenth(end.y))"/>
                """
        }
        let isDip = Self.isDip(.minimumRatio, band)
        let plain = isDip ? fallen(from: lower, band.measures[.minimumRatio]) : line
        let robust = fallen(from: line, band.measures[.robustMinimum])
        let dip: HTML =
            isDip
            ? "<circle class=\"low\" cx=\"\(Self.tenth(middle))\" cy=\"\(Self.tenth(plain))\" r=\"5\"/>" : .nothing
        let isRobustDip = Self.isDip(.robustMinimum, band)
        // The higher line has its figure above it, the lower one below.
        let (above, below) = (min(plain, robust) - 12, max(plain, robust) + 22)
        let isPlainAbove = plain <= robust
        func label(_ text: String, _ kind: HTML, _ isWarning: Bool, y: Double) -> HTML {
            """
            <text class="\(kind)\(isWarning ? " warn" : "" as HTML)" x="\(Self.tenth(middle))" y="\(Self.tenth(y))">\
            \(text)</text>
            """
        }
        let lowest = Self.figure(.minimumRatio, band) ?? "–"
        let robustText = Self.figure(.robustMinimum, band).map { "robust " + $0 } ?? ""
        return """
            <g>\(curve(robust, "robust"))\(curve(plain, "plain"))\(dip)\
            \(label(lowest, "large", isDip, y: isPlainAbove ? above : below))\
            \(label(robustText, "small", isRobustDip, y: isPlainAbove ? below : above))</g>

            """
    }

    /// The neighbouring facets that a path joins without a dip.
    private var connections: HTML {
        let bands = file.bands ?? []
        func sentence(_ words: HTML, _ indices: [Int]) -> HTML {
            indices.isEmpty ? .nothing : "\(words) \(indices.map(pathName).joined(separator: "; ")). "
        }
        let plainDips = bands.indices.filter { Self.isDip(.minimumRatio, bands[$0]) }
        let robustDips = bands.indices.filter { Self.isDip(.robustMinimum, bands[$0]) && !plainDips.contains($0) }
        if plainDips.isEmpty, robustDips.isEmpty {
            return "All neighbouring facets are connected without a dip: the unit takes them for one thing."
        }
        return sentence("The activation falls between", plainDips)
            + sentence("Connected by activation alone, which transforms break:", robustDips)
            + sentence(
                "Connected without a dip:",
                bands.indices.filter { !plainDips.contains($0) && !robustDips.contains($0) })
    }

    private var description: String {
        (file.bands ?? []).enumerated().map { index, band in
            let ratio = Self.figure(.minimumRatio, band) ?? "not measured"
            let robust = Self.figure(.robustMinimum, band).map { ", robust \($0)" } ?? ""
            return "\(pathName(index)): lowest \(ratio)\(robust)"
        }.joined(separator: "; ")
    }

    /// Whether a path falls below its facets by a measure.
    static func isDip(_ key: Measure.Key, _ band: FilmFile<JSONValue>.Band) -> Bool {
        key.measure.isDip(band.measures[key])
    }

    private static func figure(_ key: Measure.Key, _ band: FilmFile<JSONValue>.Band) -> String? {
        band.measures[key].map { Figures.text($0, key.measure.format) }
    }

    /// A name, cut to the length that fits below a facet.
    private static func shortened(_ name: String) -> String {
        name.count <= 20 ? name : String(name.prefix(18)) + "…"
    }

    private static func tenth(_ value: Double) -> String { Figures.ascii(value, digits: 1) }
    private static func whole(_ value: Double) -> String { Figures.ascii(value, digits: 0) }
}
