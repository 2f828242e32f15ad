import Disk

/// Static pages about the films of an output folder. They need no server, no network and no other page's script:
/// `index.html` is opened from where it lies.
public enum Gallery {
    /// Under the output folder: style, script, and the pages that belong to no film. No job may have this name.
    public static let folder = "gallery"

    /// What a build did.
    public struct Outcome: Sendable, Equatable {
        public var films = 0
        /// Pages that are there, and those of them whose bytes changed.
        public var pages = 0
        public var written = 0
        /// `eyes/block_4_add/1: film.json is empty`.
        public var unreadable: [String] = []
        /// Pages that could not be written, which keeps no other from being.
        public var problems: [DiskError] = []
    }

    /// Brings all pages of an output folder up to date. What a page is made of is the films, the last run's `report.json`
    /// and, for the trend, those of earlier runs that a build saw; so the same folder gives the same bytes, and only
    /// pages whose bytes change are written.
    ///
    /// Cost: with nothing new, three `stat` for each film; otherwise some milliseconds for each new one.
    ///
    /// - Throws: where `output` is no folder, or the overview cannot be written.
    public static func build(output: String) throws(DiskError) -> Outcome {
        guard Folder.exists(output) else {
            throw DiskError(output, "is no folder", remedy: "name the folder that films were rendered to")
        }
        let own = "\(output)/\(folder)"
        try Folder.make(own)
        // For other processes that build the same pages.
        let lock = try FolderLock(own, waits: true)
        defer { withExtendedLifetime(lock) {} }
        return try GalleryBuild(output: output).run()
    }
}
