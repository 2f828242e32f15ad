/// An activation graph laid out in its box: where the plot, its ticks and the names above it stand.
struct GraphPlot: Sendable {
    let graph: ActivationGraph
    let box: FilmLayout.Box
    let axis: Axis
    /// Time in seconds, or in frames for films of less than a second; nil for a single frame.
    let time: Axis?
    let labels: [FacetLabel]
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double

    static let labelSize = 14.0
    static let rowHeight = 20.0
    static let titleSize = 24.0
    static let subtitleSize = 15.0
    static let valueSize = 26.0
    /// The baselines of title and subtitle, measured from the top of the box.
    static let titleBaseline = 22.0
    static let subtitleBaseline = 47.0
    /// From the lowest row of names to the plot: the current point, drawn at the top, must not touch them.
    static let labelLift = 14.0

    /// - Parameter canvas: measures texts.
    init(_ graph: ActivationGraph, in box: FilmLayout.Box, measuredBy canvas: Canvas) {
        self.graph = graph
        self.box = box
        let axis = Axis(holding: graph.activations)
        self.axis = axis
        time = GraphPlot.timeAxis(graph)
        let measure: (String) -> Double = { canvas.width(of: $0, size: GraphPlot.labelSize) }
        let tickWidth = axis.ticks.map { measure(axis.label($0)) }.max() ?? 0
        // The axis' title, a gap, the longest label, a gap.
        let left = Double(box.x) + 14 + 14 + tickWidth + 10
        // The last facet's point and half a time label.
        let right = Double(box.x + box.width) - 16
        (self.left, self.right, bottom) = (left, right, Double(box.y + box.height) - 48)
        let count = graph.activations.count
        let marks = graph.facets.map { facet in
            (x: GraphPlot.x(facet.frame, of: count, from: left, to: right), name: facet.name)
        }
        labels = FacetLabel.arrange(marks, within: Double(box.x)...Double(box.x + box.width), measure: measure)
        let rowCount = 1 + (labels.map(\.row).max() ?? 0)
        top = Double(box.y) + 68 + Double(rowCount) * GraphPlot.rowHeight + GraphPlot.labelLift
    }

    private static func timeAxis(_ graph: ActivationGraph) -> Axis? {
        let last = graph.activations.count - 1
        guard last > 0 else { return nil }
        let seconds = Double(last) / Double(graph.framesPerSecond)
        return seconds < 1
            ? Axis(upTo: Double(last), steps: 7, isWhole: true) : Axis(upTo: seconds, steps: 7)
    }

    /// Whether the time axis counts frames instead of seconds.
    var countsFrames: Bool { graph.activations.count - 1 < graph.framesPerSecond }

    /// Where a frame stands on the time axis.
    func x(_ frame: Int) -> Double { GraphPlot.x(frame, of: graph.activations.count, from: left, to: right) }

    /// A single frame stands in the middle.
    private static func x(_ frame: Int, of count: Int, from left: Double, to right: Double) -> Double {
        count > 1 ? left + Double(frame) / Double(count - 1) * (right - left) : (left + right) / 2
    }

    /// The height of a position on the activation axis, 0...1.
    func y(atPosition position: Double) -> Double { bottom - position * (bottom - top) }

    /// A frame's place on the curve; nil if its activation is not finite, or if the film has no such frame.
    func point(_ frame: Int) -> (x: Double, y: Double)? {
        guard graph.activations.indices.contains(frame) else { return nil }
        let value = graph.activations[frame]
        return value.isFinite ? (x(frame), y(atPosition: axis.position(value))) : nil
    }
}
