import Disk
import Foundation
import JobManifest
import Networks

/// The manifests that a command was given, read together: no two of their films share a folder.
public struct ManifestSet: Sendable {
    public let manifests: [Manifest]

    /// Everything that is wrong with the manifests, and with the paths to them.
    public struct Faults: Error, Equatable, CustomStringConvertible {
        public let lines: [String]
        public var description: String { lines.joined(separator: "\n") }
    }

    /// Reads files, and in folders all `*.json` that lie directly in them, sorted by name. A file named twice is read
    /// once.
    ///
    /// - Parameter network: the manifests ask for its layers and units.
    /// - Throws: `Faults`, of all files at once.
    public init(paths: [String], network: NetworkDescription) throws(Faults) {
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
            manifests = try ManifestReader.read(paths: files, network: network, pictures: .ofPNG)
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
        guard FileManager.default.fileExists(atPath: path) else {
            throw Faults(lines: ["\(path): no such file or folder"])
        }
        guard Folder.exists(path) else { return [path] }
        guard let entries = try? Folder.entries(of: path) else {
            throw Faults(lines: ["\(path): this folder cannot be read; check its permissions"])
        }
        let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let files = entries.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
        guard !files.isEmpty else {
            throw Faults(lines: ["\(path): no manifest (*.json) lies directly in this folder"])
        }
        return files
    }
}
