import ConvNet
import Foundation
import JobManifest

/// All jobs of the manifests that a command was given.
public struct ManifestSet: Sendable {
    /// The files, in the order in which they were read.
    public private(set) var files: [String] = []
    public private(set) var jobs: [Job] = []
    /// What is wrong, over all files; jobs are complete only where this is empty.
    public private(set) var faults: [String] = []

    /// The network's layers, as manifests are checked against them.
    public static let layers = MobileNetV2.layers.map { LayerEntry(name: $0.name, unitCount: $0.unitCount) }

    /// Reads files, and of folders the `*.json` directly in them, sorted by name.
    public init(paths: [String]) {
        for path in paths {
            do {
                for file in try Self.manifests(at: path) where !files.contains(file) {
                    files.append(file)
                    do {
                        jobs += try ManifestReader.read(path: file, layers: Self.layers).jobs
                    } catch let errors as ManifestErrors {
                        faults += errors.diagnostics.map(\.description)
                    }
                }
            } catch {
                faults.append(String(describing: error))
            }
        }
        if faults.isEmpty { faults = Self.clashes(reels) }
    }

    /// One reel per layer and unit, in order.
    public var reels: [Reel] { jobs.flatMap { $0.reels() } }

    /// Two reels cannot have one folder.
    private static func clashes(_ reels: [Reel]) -> [String] {
        var seen: Set<String> = []
        var reported: Set<String> = []
        return reels.compactMap { reel in
            guard !seen.insert(reel.folder).inserted, reported.insert(reel.folder).inserted else { return nil }
            return "two jobs render to \(reel.folder): give one of them another name"
        }
    }

    private static func manifests(at path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ManifestPathError(description: "\(path): no such file or folder")
        }
        guard isFolder.boolValue else { return [path] }
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw ManifestPathError(description: "\(path): this folder cannot be read; check its permissions")
        }
        let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let files = entries.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
        guard !files.isEmpty else {
            throw ManifestPathError(description: "\(path): no manifest (*.json) lies directly in this folder")
        }
        return files
    }
}

/// Why a path gives no manifest.
struct ManifestPathError: Error, CustomStringConvertible {
    let description: String
}
