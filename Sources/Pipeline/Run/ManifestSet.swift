import Disk
import Foundation
import JobManifest

/// The manifests that a command was given, read together: no two of their films share a folder.
public struct ManifestSet: Sendable {
    public let manifests: [Manifest]

    /// Everything that is wrong with the manifests, and with the paths to them.
    public struct Faults: Error, Equatable, CustomStringConvertible {
        public let lines: [String]
        public var description: String { lines.joined(separator: "\n") }
    }

    /// Reads files, and in folders all `*.json` that lie directly in them, sorted by name; but not what the program has
    /// written there itself (`OwnDocument`). A file named twice is read once.
    ///
    /// - Parameter networks: those that the manifests name are looked up there.
    /// - Throws: `Faults`, of all files at once.
    public init(paths: [String], networks: NetworkLibrary) throws(Faults) {
        var files: [String] = []
        var faults: [String] = []
        for path in paths {
            do throws(Faults) {
                for file in try Self.manifests(at: path) where !files.contains(file) { files.append(file) }
            } catch {
                faults += error.lines
            }
        }
        do throws(ManifestErrors) {
            manifests = try ManifestReader.read(paths: files, networks: networks.provider, pictures: .ofFiles)
        } catch {
            manifests = []
            faults = error.diagnostics.map(\.description) + faults
        }
        guard faults.isEmpty else { throw Faults(lines: faults) }
    }

    public var jobs: [Job] { manifests.flatMap(\.jobs) }

    /// One reel per layer and unit, in order.
    public var reels: [Reel] { manifests.flatMap { $0.reels() } }

    private static func manifests(at path: String) throws(Faults) -> [String] {
        if access(path, F_OK) != 0, errno == ENOENT { throw Faults(lines: ["\(path): no such file or folder"]) }
        // What is no folder is read, and its errors say what is wrong with it.
        guard Folder.exists(path) else { return [path] }
        let listing: Folder.Listing
        do throws(DiskError) { listing = try Folder.listing(of: path) } catch {
            throw Faults(lines: [error.description])
        }
        let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        if let name = listing.unreadableNames.sorted().first(where: { $0.hasSuffix(".json") }) {
            throw Faults(lines: ["\(folder)/\(name): this name is no UTF-8; give the manifest another"])
        }
        let names = listing.names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
        let files = names.map { "\(folder)/\($0)" }.filter { !OwnDocument.isOne($0) }
        guard !files.isEmpty else {
            throw Faults(lines: ["\(path): no manifest (*.json) lies directly in this folder"])
        }
        return files
    }
}
