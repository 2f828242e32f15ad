import Dispatch
import JobManifest

/// What a run would do, without doing it.
public struct RenderPlan: Sendable {
    public let reels: [Reel]
    /// The status of each reel, in order.
    public let statuses: [ReelStatus]

    public var reelsToRender: [Reel] {
        zip(reels, statuses).filter { $0.1 != .upToDate }.map(\.0)
    }

    /// Looks at every reel's folder, at several at a time.
    /// - Parameters:
    ///   - weightsDigest: SHA-256 of the weights file.
    ///   - isForced: all are to be rendered, whatever is there.
    public init(reels: [Reel], in outputFolder: String, weightsDigest: String, isForced: Bool = false) {
        self.reels = reels
        guard !isForced else {
            statuses = reels.map { _ in .stale(reason: "forced") }
            return
        }
        let statuses = Guarded([ReelStatus](repeating: .upToDate, count: reels.count))
        let pictures = PictureDigests()
        DispatchQueue.concurrentPerform(iterations: reels.count) { index in
            let status = ReelStatus.of(
                reels[index], in: outputFolder, weightsDigest: weightsDigest, pictures: pictures)
            statuses.update { $0[index] = status }
        }
        self.statuses = statuses.value
    }
}
