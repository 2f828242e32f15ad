import Foundation
import Pipeline

/// `render --dry-run`: a line for each film, and how many of each kind there are.
struct DryRun {
    let plan: RenderPlan
    let isJSON: Bool

    private struct Line: Encodable {
        var reel: String
        var action: String
        var reason: String?
    }

    private struct Totals: Encodable {
        var render: Int
        var upToDate: Int
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
                ? json(Totals(render: render, upToDate: upToDate))
                : "\(render) to render, \(upToDate) up to date")
        print(lines.joined(separator: "\n"))
    }

    private func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
