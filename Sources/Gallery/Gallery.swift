import Disk

/// Static pages about the films of an output folder. They need no server, no network and no foreign script: open
/// `index.html` from where it lies.
public enum Gallery {
    /// The folder under the output folder with style, script, and the pages about no single film. No job may have this
    /// name.
    public static let folder = "gallery"

    /// What a build did.
    public struct Outcome: Sendable, Equatable {
        public var films = 0
        /// How many pages there are, and how many of them have new bytes.
        public var pages = 0
        public var written = 0
        /// `eyes/block_4_add/1: film.json is empty`.
        public var unreadable: [String] = []
        /// Folders that could not be searched for films, and pages that could not be written. The other pages are
        /// written nevertheless.
        public var problems: [DiskError] = []
    }

    /// Brings all pages of an output folder up to date. They are made from the films, the last run's `report.json` and,
    /// for the trend, the reports of earlier runs that a build saw. So the same folder gives the same bytes, and only
    /// pages whose bytes change are written.
    ///
    /// Cost: with nothing new, three `stat` for each film; otherwise some milliseconds for each new one.
    ///
    /// - Throws: where `output` is no folder, or the overview cannot be written.
    public static func build(output: String) throws(DiskError) -> Outcome {
        try Folder.check(output)
        let own = "\(output)/\(folder)"
        try Folder.make(own)
        // Waits for other processes that build the same pages.
        let lock = try FolderLock(own, waits: true)
        defer { withExtendedLifetime(lock) {} }
        return try GalleryBuild(output: output).run()
    }
}
