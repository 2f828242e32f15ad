import Disk
import JobManifest
import Threads

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
    ///   - networks: those of the reels.
    ///   - isForced: all are to be rendered, whatever is there.
    public init(reels: [Reel], in outputFolder: String, networks: NetworkLibrary, isForced: Bool = false) {
        let pictures = PictureDigests()
        self.init(reels: reels, isForced: isForced) { reel in
            ReelStatus.of(reel, in: outputFolder, networks: networks, pictures: pictures)
        }
    }

    init(reels: [Reel], isForced: Bool = false, status: @escaping @Sendable (Reel) -> ReelStatus) {
        self.reels = reels
        statuses =
            isForced
            ? reels.map { _ in .stale(reason: "forced") } : concurrently(reels.count) { status(reels[$0]) }
    }
}
