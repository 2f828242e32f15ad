import Disk
import Measurement
import Pipeline

/// `render --dry-run`: a line for each film, how many of each kind there are, and what they will cost.
struct DryRun {
    let plan: RenderPlan
    /// The cost of the films that are to be rendered.
    let forecast: CostForecast
    let workers: Int
    let isJSON: Bool

    private struct Line: Encodable {
        var reel: String
        var action: String
        var reason: String?
    }

    private struct Totals: Encodable {
        var render: Int
        var upToDate: Int
        /// Seconds of one core.
        var coreSeconds: Double
        var workers: Int
        var layers: [Layer]
    }

    private struct Layer: Encodable {
        var layer: String
        var films: Int
        var coreSecondsEach: Double
    }

    func show() {
        var lines: [String] = []
        for (reel, status) in zip(plan.reels, plan.statuses) {
            switch status {
            case .upToDate:
                lines.append(
                    isJSON ? json(Line(reel: reel.folder, action: "upToDate")) : "up to date  \(reel.folder)")
            case .stale(let reason):
                lines.append(
                    isJSON
                        ? json(Line(reel: reel.folder, action: "render", reason: reason))
                        : "render  \(reel.folder)  (\(reason))")
            }
        }
        let upToDate = plan.statuses.count { $0 == .upToDate }
        let render = plan.statuses.count - upToDate
        lines.append(
            isJSON
                ? json(
                    Totals(
                        render: render, upToDate: upToDate, coreSeconds: forecast.coreSeconds, workers: workers,
                        layers: forecast.layers.map {
                            Layer(layer: $0.layer, films: $0.films, coreSecondsEach: $0.secondsEach)
                        }))
                : "\(render) to render, \(upToDate) up to date")
        if !isJSON, render > 0 { lines += forecast.table + [forecast.summary(workers: workers)] }
        Results.print(lines.joined(separator: "\n"))
    }

    private func json(_ value: some Encodable) -> String {
        (try? value.stableJSONText()) ?? "{}"
    }
}
